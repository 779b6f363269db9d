"""The port for mails about an account. An app above provides the channel, and registers it in `ready`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from maretech.common.vocabulary import Vocabulary


class MessageKind(Vocabulary):
    RESET_CODE = "reset_code"
    EMAIL_CODE = "email_code"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_CHANGE_NOTICE = "address_change_notice"
    STEP_UP_CODE = "step_up_code"
    STAFF_LINK = "staff_link"
    HANDOVER_CODE_OF_SELLER = "handover_code_of_seller"
    HANDOVER_CODE_OF_BUYER = "handover_code_of_buyer"
    HANDOVER_INVITATION = "handover_invitation"


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one address, which is not always an account's: a code also goes to an address that is not proven yet.

    `context` holds what the words need. It is made at delivery and never stored, because it may hold a code or a link.
    """

    kind: MessageKind
    to: str
    context: Mapping[str, str] = field(default_factory=dict, repr=False)


class ChannelUnavailable(Exception):
    """The message was not accepted now, or it is not known whether it was."""


class OutcomeUnknown(ChannelUnavailable):
    """It is not known whether the message was accepted."""


class MessageRefused(Exception):
    """The mail server refuses this message or its address."""


class Channel(Protocol):
    def deliver(self, message: Message) -> None:
        """Deliver the message. Raises `ChannelUnavailable` or `MessageRefused`; neither holds an address or a code."""


_registered: list[Channel] = []


def register_channel(channel: Channel) -> None:
    """Register the channel that delivers every message, in place of an earlier one."""
    _registered[:] = [channel]


def registered_channel() -> Channel:
    """Return the channel. Raises `LookupError` if no app has registered one."""
    if not _registered:
        raise LookupError("no channel is registered for mails about an account")
    return _registered[0]
