"""What the service answers in place of the truth, on demand."""

from enum import Enum, auto


class Fault(Enum):
    """One failure. With `HANG` and `CUT` no answer comes."""

    LIMITED = auto()
    UNAVAILABLE = auto()
    BROKEN = auto()
    REDIRECT = auto()
    NONSENSE = auto()
    NO_OBJECT = auto()
    ENDLESS = auto()
    REFUSAL = auto()
    CUT_OFF = auto()
    CUT = auto()
    HANG = auto()


LIMITED_SECONDS = 9
