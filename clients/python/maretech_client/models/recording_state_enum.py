from enum import StrEnum


class RecordingStateEnum(StrEnum):
    CREATED = "created"
    FAILED = "failed"
    TRANSCRIBED = "transcribed"
    UPLOADED = "uploaded"

    def __str__(self) -> str:
        return str(self.value)
