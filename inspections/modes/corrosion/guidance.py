"""Next steps that corrosion suggests."""

from inspections.modes.corrosion.vocabulary import CoverageBand, Guidance
from inspections.vocabulary import ConfidenceLevel, SignalDetected

WORTH_A_SURVEY = (CoverageBand.MODERATE, CoverageBand.HEAVY)


def guide(*, signal: SignalDetected, level: ConfidenceLevel, worst_band: CoverageBand) -> list[Guidance]:
    """Returns the next steps, most urgent first; never empty."""
    if signal == SignalDetected.INCONCLUSIVE:
        return [Guidance.RECHECK_LATER]
    if signal == SignalDetected.NO:
        return [Guidance.MONITOR]
    if worst_band in WORTH_A_SURVEY and level != ConfidenceLevel.LOW:
        return [Guidance.CONSIDER_SURVEY, Guidance.MONITOR]
    return [Guidance.MONITOR, Guidance.RECHECK_LATER]
