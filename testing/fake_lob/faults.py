"""What the service answers in place of the truth, on demand."""

from enum import Enum, auto


class Fault(Enum):
    """One failure. `LOST` accepts the request and closes the connection without an answer; `CUT` accepts nothing."""

    LIMITED = auto()
    UNAVAILABLE = auto()
    BROKEN = auto()
    FORBIDDEN = auto()
    REDIRECT = auto()
    NONSENSE = auto()
    NO_OBJECT = auto()
    ENDLESS = auto()
    CUT = auto()
    LOST = auto()


LIMITED_SECONDS = 9
