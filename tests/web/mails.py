"""The mails of the server: in development they are printed to its log."""

import re

from playwright.sync_api import Page

from testing.browser.owner import OwnerAtHull
from testing.plugins.shared_server import SharedServer

TRIES = 120


def code_for(email: str, *, served: SharedServer, page: Page, subject: str = "Your Maretech code") -> str:
    """Return the code of the last mail of this subject to the address. A worker sends it soon."""
    for _ in range(TRIES):
        for mail in reversed(re.split(r"^(?=Subject: )", served.log.read_text(), flags=re.MULTILINE)):
            head, _, body = mail.partition("\n\n")
            if re.match(f"Subject: {subject}$", head, re.MULTILINE) and f"\nTo: {email}\n" in head:
                return re.findall(r"\b\d{6}\b", body)[0]
        page.wait_for_timeout(250)
    raise TimeoutError(f"No code was mailed to {email}.")


def verify(owner: OwnerAtHull, email: str, *, served: SharedServer) -> None:
    """Enter the code that was mailed after the registration."""
    owner.open("verify")
    owner.fill("Code from the mail", code_for(email, served=served, page=owner.page))
    owner.press("Confirm")
    owner.sees("What would you like to look at?")
    assert "not confirmed" not in owner.text()
