"""What a letter is to us, and what a service that prints and posts letters does. Plain Python."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, Protocol, Self
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """Where a letter goes. `country` is two letters (ISO 3166-1), `lines` one or two lines between name and city."""

    name: str
    lines: tuple[str, ...]
    postal_code: str
    city: str
    country: str
    state: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the address of a row. Raises `TypeError` if a part is missing."""
        return cls(**{**row, "lines": tuple(row.get("lines", ()))})

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "lines": list(self.lines)}


class Deliverability(Enum):
    """Incomplete: the house is known, and a part such as its flat is missing or wrong."""

    DELIVERABLE = "deliverable"
    INCOMPLETE = "incomplete"
    UNDELIVERABLE = "undeliverable"


class Progress(Enum):
    """How far a letter is. Failed: it will not be printed. Cancelled: it was taken back before it was printed."""

    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedLetter:
    """A letter that the service has. `ref` is its own name of it."""

    ref: str
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterEvent:
    """What a verified event is about. `delivery_id` is ours, if the event shows it; `progress` None is no news."""

    kind: str
    ref: str
    delivery_id: UUID | None
    progress: Progress | None


class LetterServiceError(Exception):
    """The request had no effect that we know of. The text quotes nothing that was sent."""


class Unavailable(LetterServiceError):
    """There is no answer, or one that says nothing about the letter. It may have been accepted."""

    def __init__(self, summary: str, *, retry_after: float | None = None) -> None:
        super().__init__(summary)
        self.retry_after = retry_after


class Refused(LetterServiceError):
    """The service will not accept this letter later either."""


class InvalidSignature(Exception):
    """The event is not signed by the service, or not now."""


class LetterService(Protocol):
    """A service that prints and posts letters. Every call but `read_event` and `most_pages` is a request to it."""

    name: str

    def check(self, address: PostalAddress) -> Deliverability:
        """Return whether the post delivers to the address. Raises `Refused` or `Unavailable`."""

    def most_pages(self, country: str) -> int:
        """Return how many printed pages a letter to this country may have."""

    def send(self, delivery_id: UUID, *, to: PostalAddress, pdf: bytes) -> PostedLetter:
        """Have the PDF printed and posted. With the same id, the service makes one letter, however often it is asked.

        Raises `Refused`, or `Unavailable` when it is not known whether the letter was accepted.
        """

    def find(self, delivery_id: UUID) -> PostedLetter | None:
        """Return the letter that was made for this id, a cancelled one too; None if there is none."""

    def read(self, ref: str) -> PostedLetter | None:
        """Return the letter as the service knows it now; None if it knows none of this name."""

    def cancel(self, ref: str) -> bool:
        """Take the letter back. Returns False if it is printed already. Cancelling it again returns True."""

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> LetterEvent:
        """Return what a webhook is about. Raises `InvalidSignature` for all that the service did not send just now."""
