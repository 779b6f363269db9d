"""Files that go with the mails of a kind. The app that knows what they hold registers how to make them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from notifications.vocabulary import KindName


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail. `content_type` may have parameters."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


# Takes the ids of the notification, and returns None when there is nothing to attach any more.
MakeAttachment = Callable[[Mapping[str, str]], Attachment | None]
_makers: Final[dict[KindName, MakeAttachment]] = {}


def register_attachment(kind: KindName, make: MakeAttachment) -> None:
    """Attach this file to each mail of a kind. Its app calls this in `ready`."""
    _makers[kind] = make


def attachment_of(kind: KindName, data: Mapping[str, str]) -> Attachment | None:
    """Return the file for a notification with these ids; None for a kind without one."""
    make = _makers.get(kind)
    return None if make is None else make(data)
