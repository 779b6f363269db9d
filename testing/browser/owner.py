"""The steps of an owner in the web app, as a person does them: by labels and names, never by classes."""

import re
from pathlib import Path
from typing import Self
from uuid import uuid4

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect

PASSWORD = "a long enough secret"
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# A browser writes these for answers that a screen expects: no owner is signed in yet, a subscription is needed.
EXPECTED = re.compile(r"the server responded with a status of (401|402|403|404|409|429|503)|net::ERR_")


class OwnerAtHull:
    """One tab. `faults` holds what the browser complained about: scripts that failed, or what the policy refused."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        self.base_url = base_url
        self.faults: list[str] = []
        self.broken: list[str] = []
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._note_broken)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.faults.append(message.text)

    def _note_broken(self, response: Response) -> None:
        if response.status >= 500 and response.status != 503:
            self.broken.append(f"{response.status} {response.request.method} {response.url}")

    def open(self, path: str = "") -> Self:
        self.page.goto(f"{self.base_url}/app/{path}")
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def register(self, email: str = "") -> str:
        email = email or f"owner+{uuid4().hex[:12]}@example.org"
        self.open("register")
        self.fill("E-mail address", email)
        self.fill("Password", PASSWORD)
        self.press("Create account")
        self.sees("Confirm your address")
        return email

    def sign_in(self, email: str) -> None:
        self.open()
        self.fill("E-mail address", email)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.sees("What would you like to look at?")

    def wait_for_worker(self) -> None:
        """Wait until the service worker serves this tab: only then does the app open without a connection."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        self.page.reload()
        self.sees("What would you like to look at?")

    def start_visit(self, mode: str, *, boat: str = "") -> None:
        """Start on the first boat, or on a new one of this name."""
        self.open(f"{mode}/new")
        self.sees("Start photographing")
        if boat:
            choice = self.page.get_by_label("Boat", exact=True)
            choice.select_option(label="Another boat…")
            self.fill("Name of the boat", boat)
        self.press("Start photographing")
        self.sees("Point 1")

    def shoot(self, angle: str) -> None:
        """Take a photo with the camera."""
        self.page.locator(f"[data-angle={angle}]").get_by_role("button", name=re.compile("^Take")).click()
        self.press("Take the photo")
        self.press("Use this photo")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def choose(self, angle: str, photo: Path) -> None:
        self.page.locator(f"[data-angle={angle}] input[type=file]").set_input_files(photo)
        expect(self.page.locator(f"[data-angle={angle}] .photo-state")).to_be_visible()

    def submit(self, *, anyway: bool = False) -> None:
        self.press("Send for analysis")
        if anyway:
            self.press("Send what is there")

    def waits_for_photos(self, state: str, count: int = 3) -> None:
        expect(self.page.locator(".photo-state").get_by_text(state, exact=True)).to_have_count(count)

    def text(self) -> str:
        """Return what a person reads on the screen."""
        return self.page.locator("body").inner_text()
