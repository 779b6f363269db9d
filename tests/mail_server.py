"""A mail server that fails as a test needs."""

from typing import Any

from django.core.mail.backends.locmem import EmailBackend


class MailServer(EmailBackend):
    """Raises `opens` for a connection, `before` in place of accepting a mail, and `after` once it has accepted one."""

    opens: Exception | None = None
    before: Exception | None = None
    after: Exception | None = None

    def open(self) -> bool:
        if MailServer.opens:
            raise MailServer.opens
        return True

    def send_messages(self, messages: Any) -> int:
        if MailServer.before:
            raise MailServer.before
        accepted = super().send_messages(messages)
        if MailServer.after:
            raise MailServer.after
        return accepted
