"""Next steps that osmosis suggests. From medium confidence on it favours a survey."""

from inspections.engines.base import Confidence, SignalDetected

MONITOR = "monitor"
RECHECK_LATER = "recheck_later"
CONSIDER_SURVEY = "consider_professional_survey"
TOKENS = (MONITOR, RECHECK_LATER, CONSIDER_SURVEY)


def guide(*, signal: SignalDetected, level: Confidence) -> list[str]:
    """Returns the next steps, most urgent first; never empty."""
    if signal == "inconclusive":
        return [RECHECK_LATER]
    if signal == "no":
        return [MONITOR]
    return [MONITOR, RECHECK_LATER] if level == "low" else [CONSIDER_SURVEY, MONITOR]
