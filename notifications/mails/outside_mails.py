"""Mails to people without an account: in our own words, with a link and nothing that an owner wrote.

The caller keeps a row of its own that says what became of the mail; it is no notification and has no preferences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from notifications.channels.email import Mail, send_mail
from notifications.vocabulary import OutsideMailKind
from notifications.wording import render_words


@dataclass(frozen=True, slots=True)
class OutsideMail:
    """A mail of a kind that has a template per locale. A reader's mailbox may drop a second one with the same id."""

    id: UUID
    kind: OutsideMailKind
    to: str
    locale: str
    context: Mapping[str, str] = field(default_factory=dict, repr=False)


def send_outside_mail(mail: OutsideMail) -> None:
    """Send the mail as text. Raises `Unreachable`, `Refused` or `OutcomeUnknown`; none of them holds an address."""
    words = render_words(f"notifications/{mail.locale}/outside_mails/{mail.kind}.txt", mail.context)
    send_mail(Mail(id=mail.id, to=(mail.to,), subject=words.title, text=f"{words.body}\n"))
