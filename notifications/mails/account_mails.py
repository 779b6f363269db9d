"""The mails that accounts send: codes, links and notices. It is the channel behind `accounts.notifications.port`.

They are written in English, and go to any address: a code proves an address that no account has yet.
"""

import uuid

from accounts.notifications import port
from accounts.notifications.port import ChannelUnavailable, Message, MessageRefused
from notifications.channels.email import Mail, send_mail
from notifications.channels.ports import OutcomeUnknown, Refused, Unreachable
from notifications.vocabulary import Locale
from notifications.wording import render_words


class AccountMailChannel:
    def deliver(self, message: Message) -> None:
        """Send the mail as text. Raises `ChannelUnavailable` or `MessageRefused`.

        Each mail has a new id: a second mail holds another code, so no mailbox may drop it as a repetition.
        """
        words = render_words(template_name(message), message.context)
        try:
            send_mail(Mail(id=uuid.uuid4(), to=(message.to,), subject=words.title, text=f"{words.body}\n"))
        except OutcomeUnknown as exc:
            raise port.OutcomeUnknown(str(exc)) from exc
        except Unreachable as exc:
            raise ChannelUnavailable(str(exc)) from exc
        except Refused as exc:
            raise MessageRefused(str(exc)) from exc


def template_name(message: Message) -> str:
    return f"notifications/{Locale.ENGLISH}/account_mails/{message.kind}.txt"
