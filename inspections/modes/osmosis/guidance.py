"""Next steps that osmosis suggests. From medium confidence on it favours a survey."""

from inspections.modes.osmosis.vocabulary import Guidance
from inspections.vocabulary import ConfidenceLevel, SignalDetected


def guide(*, signal: SignalDetected, level: ConfidenceLevel) -> list[Guidance]:
    """Returns the next steps, most urgent first; never empty."""
    if signal == SignalDetected.INCONCLUSIVE:
        return [Guidance.RECHECK_LATER]
    if signal == SignalDetected.NO:
        return [Guidance.MONITOR]
    if level == ConfidenceLevel.LOW:
        return [Guidance.MONITOR, Guidance.RECHECK_LATER]
    return [Guidance.CONSIDER_SURVEY, Guidance.MONITOR]
