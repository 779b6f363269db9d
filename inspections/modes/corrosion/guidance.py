"""Next steps that corrosion suggests."""

from inspections.engines.base import Confidence, SignalDetected

MONITOR = "monitor"
RECHECK_LATER = "recheck_later"
CONSIDER_SURVEY = "consider_professional_survey"
TOKENS = (MONITOR, RECHECK_LATER, CONSIDER_SURVEY)

WORTH_A_SURVEY = ("moderate", "heavy")


def guide(*, signal: SignalDetected, level: Confidence, worst_band: str) -> list[str]:
    """Returns the next steps, most urgent first; never empty."""
    if signal == "inconclusive":
        return [RECHECK_LATER]
    if signal == "no":
        return [MONITOR]
    if worst_band in WORTH_A_SURVEY and level != "low":
        return [CONSIDER_SURVEY, MONITOR]
    return [MONITOR, RECHECK_LATER]
