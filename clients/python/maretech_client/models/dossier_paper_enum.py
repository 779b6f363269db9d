from enum import StrEnum


class DossierPaperEnum(StrEnum):
    A4 = "a4"
    US_LETTER = "us-letter"

    def __str__(self) -> str:
        return str(self.value)
