"""What a push service answers in place of the truth, on demand, one after the other."""

from collections import defaultdict, deque
from enum import Enum, auto


class Fault(Enum):
    """One failure. The services take the message with `CUT` and `HANG`, and never answer."""

    UNREGISTERED = auto()
    INVALID_TOKEN = auto()
    WRONG_SENDER = auto()
    NOT_ALLOWED = auto()
    WRONG_PROJECT = auto()
    REJECTED = auto()
    TOO_LARGE = auto()
    LIMITED = auto()
    LIMITED_SILENTLY = auto()
    UNAVAILABLE = auto()
    BROKEN = auto()
    REDIRECT = auto()
    NONSENSE = auto()
    CUT = auto()
    HANG = auto()


LIMITED_SECONDS = 7
UNAVAILABLE_SECONDS = 30
AFTER_THE_FACT = (Fault.CUT, Fault.HANG)


class Script:
    """The faults to come, by target: a token or an endpoint."""

    def __init__(self) -> None:
        self._coming: dict[str, deque[Fault]] = defaultdict(deque)

    def fail(self, target: str, fault: Fault, *, times: int = 1) -> None:
        self._coming[target].extend([fault] * times)

    def next_of(self, target: str) -> Fault | None:
        coming = self._coming[target]
        return coming.popleft() if coming else None
