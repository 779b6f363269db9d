"""The mails of a demo's server. Its mail channel is the console, so they are in the server's log."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from testing.demo.owner import WalkthroughFailed

_END_OF_A_MAIL: Final = re.compile(r"^-{79}\n", re.MULTILINE)
# Lines of other processes may be in front of a mail.
_HEADER: Final = re.compile(r"^Content-Type: .*\n(?:[ \t].*\n)*MIME-Version: ", re.MULTILINE)
_CODE: Final = re.compile(r"\b\d{6}\b")
PATIENCE_SECONDS: Final = 60
_ASK_SECONDS: Final = 0.3


class MailLog:
    def __init__(self, log: Path) -> None:
        self.log = log

    def mails(self) -> list[EmailMessage]:
        """Return the mails so far, oldest first."""
        *complete, _ = _END_OF_A_MAIL.split(self.log.read_text(errors="replace"))
        found = ((part, _HEADER.search(part)) for part in complete)
        return [_read(part[header.start() :]) for part, header in found if header]

    def wait_for(self, address: str, subject: str) -> EmailMessage:
        """Return the latest mail to this address with a subject that begins like this. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for mail in reversed(self.mails()):
                if address in str(mail["To"]) and str(mail["Subject"]).startswith(subject):
                    return mail
            time.sleep(_ASK_SECONDS)
        raise TimeoutError(f"no mail to {address} with the subject {subject!r} in {PATIENCE_SECONDS} s")

    def code_for(self, address: str, subject: str) -> str:
        """Return the code in the latest such mail. Raises TimeoutError, or `WalkthroughFailed` without one."""
        found = _CODE.search(text_of(self.wait_for(address, subject)))
        if found is None:
            raise WalkthroughFailed(f"the mail to {address} with the subject {subject!r} has no code")
        return found[0]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return "" if body is None else str(body.get_content())


def attached(mail: EmailMessage, media_type: str) -> str | None:
    """Return the text of the first attachment of this media type; None without one."""
    for part in mail.iter_attachments():
        if part.get_content_type() == media_type:
            content = part.get_content()
            return content.decode() if isinstance(content, bytes) else str(content)
    return None


def _read(text: str) -> EmailMessage:
    return message_from_bytes(text.encode(), _class=EmailMessage, policy=policy.default)
