from enum import StrEnum


class GuidanceEnum(StrEnum):
    CONSIDER_PROFESSIONAL_SURVEY = "consider_professional_survey"
    MONITOR = "monitor"
    RECHECK_LATER = "recheck_later"

    def __str__(self) -> str:
        return str(self.value)
