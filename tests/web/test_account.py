"""Test the account and the notifications in the browser: what an owner changes, and what it changes elsewhere."""

import json
import re
import secrets
import zipfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, Worker, expect

from accounts.notifications.push_services import encoded
from testing.browser.chromium import browser_of
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.fake_push.browser import Browser
from testing.phone import Phone
from testing.plugins.shared_server import SharedServer
from tests.web.usable import assert_usable

SCREENS = (
    "account",
    "account/security",
    "account/password",
    "account/email",
    "account/consents",
    "account/export",
    "account/erase",
    "notifications",
    "notifications/preferences",
)
# Chromium without its maker's keys has no push service: this one keeps the subscription in the page's storage.
PUSH_SERVICE = """
const base64 = (text) => text.replaceAll("-", "+").replaceAll("_", "/");
const bytesOf = (text) => Uint8Array.from(atob(base64(text)), (one) => one.charCodeAt(0)).buffer;
const subscription = (kept) => kept && {
  endpoint: kept.endpoint,
  options: { applicationServerKey: bytesOf(kept.key) },
  toJSON: () => ({ endpoint: kept.endpoint, keys: KEYS }),
  unsubscribe: async () => { localStorage.removeItem("push"); return true; },
};
PushManager.prototype.getSubscription = async () => subscription(JSON.parse(localStorage.getItem("push")));
PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
  const kept = { key, endpoint: "https://fcm.googleapis.com/fcm/send/" + crypto.randomUUID() };
  localStorage.setItem("push", JSON.stringify(kept));
  return subscription(kept);
};
"""


def signed_in_elsewhere(served: SharedServer, email: str, password: str = PASSWORD) -> Phone:
    phone = Phone.at(served.base_url)
    phone.bear(phone.send("/auth/login", {"email": email, "password": password})["token"]["access_token"])
    return phone


def inbox_tab(page: Page) -> Any:
    return page.get_by_role("navigation").get_by_role("link", name=re.compile("Inbox"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_screen_is_usable_by_everyone(
    served: SharedServer, tmp_path: Path, subtests: pytest.Subtests, *, dark: bool
):
    with browser_of(tmp_path / "profile", dark=dark) as context:
        owner = OwnerAtHull(context, served.base_url)
        owner.register()
        for path in SCREENS:
            with subtests.test(path):
                owner.open(path).page.locator("h1").wait_for()
                owner.page.wait_for_load_state("networkidle")
                assert_usable(owner)
        assert owner.faults == []


def test_a_language_counts_at_once_here_and_for_what_the_server_writes(owner: OwnerAtHull, served: SharedServer):
    email = owner.register()
    owner.open("account").page.get_by_label("Language of the app").select_option("de")
    owner.sees("Ihre Vorgänge")
    expect(owner.page.get_by_role("navigation")).to_contain_text("Postfach")
    expect(owner.page.get_by_label("Sprache der App")).to_be_focused()
    owner.page.wait_for_load_state("networkidle")
    owner.open()
    owner.sees("Ihre Boote")
    assert signed_in_elsewhere(served, email).fetch("/auth/me/notification-preferences")["locale"] == "de"


def test_the_server_writes_in_the_language_of_a_new_owner(served: SharedServer, tmp_path: Path):
    with browser_of(tmp_path / "profile", locale="de-DE") as context:
        page = context.pages[0]
        page.goto(f"{served.base_url}/app/register")
        email = f"owner+{uuid4().hex}@example.org"
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Konto anlegen").click()
        expect(page).to_have_url(re.compile("/app/verify$"))
    assert signed_in_elsewhere(served, email).fetch("/auth/me/notification-preferences")["locale"] == "de"


def test_a_sign_in_elsewhere_is_unread_until_it_is_read_and_can_be_ended(owner: OwnerAtHull, served: SharedServer):
    other = signed_in_elsewhere(served, owner.register())
    owner.open("notifications")
    expect(inbox_tab(owner.page)).to_have_text("Inbox1")
    owner.page.get_by_role("button", name=re.compile("^Mark as read: New sign-in")).click()
    expect(inbox_tab(owner.page)).to_have_text("Inbox")
    there = owner.open("account/security").page.get_by_role("button", name=re.compile("^Sign out there"))
    there.click()
    expect(there).to_have_count(0)
    assert other.get("/auth/me").status_code == HTTPStatus.UNAUTHORIZED


def test_a_wrong_password_is_sent_once_and_the_right_one_changes_it(owner: OwnerAtHull, served: SharedServer):
    email, new = owner.register(), "another long secret"
    sent: list[str] = []
    owner.page.on("request", lambda request: sent.append(request.url) if "password/change" in request.url else None)
    owner.open("account/password")
    owner.fill("Current password", "not the password")
    owner.fill("New password", new)
    owner.press("Change the password")
    owner.sees("This is not your password.")
    assert len(sent) == 1  # a second one would be another guess
    owner.fill("Current password", PASSWORD)
    owner.press("Change the password")
    owner.sees("Your password is changed.")
    assert signed_in_elsewhere(served, email, new).fetch("/auth/me")["email"] == email


def test_what_comes_by_push_and_mail_is_kept(owner: OwnerAtHull):
    owner.register()
    switch = owner.open("notifications/preferences").page.get_by_role(
        "switch", name="A payment arrived: on your devices"
    )
    expect(switch).not_to_be_checked()
    switch.check()
    owner.page.get_by_role("switch", name="Keep quiet hours").check()
    owner.fill("From", "21:30")
    owner.press("Save")
    owner.sees("Saved.")
    owner.open("notifications/preferences")
    expect(switch).to_be_checked()
    expect(owner.page.get_by_label("From", exact=True)).to_have_value("21:30")
    expect(owner.page.get_by_role("switch", name=re.compile("^New sign-in.*by mail"))).to_be_disabled()


def test_a_server_without_a_key_offers_no_push(owner: OwnerAtHull):
    owner.register()
    owner.open("notifications/preferences")
    owner.sees("This server sends no notifications to browsers.")


def test_a_device_follows_the_key_of_the_server(owner: OwnerAtHull):
    key = subscribe(owner)
    first = owner.page.evaluate("localStorage.getItem('push')")
    assert json.loads(first)["key"] == key
    offer_push(owner, encoded(b"\4" + secrets.token_bytes(64)))
    with owner.page.expect_request(lambda each: each.method == "DELETE" and "/auth/me/devices/" in each.url):
        owner.open()
    assert json.loads(owner.page.evaluate("localStorage.getItem('push')"))["endpoint"] != json.loads(first)["endpoint"]
    owner.open("account/security").page.get_by_role("button", name="Remove: Browser").click()
    owner.sees("No device gets notifications.")
    assert owner.page.evaluate("localStorage.getItem('push')") is None


def test_signing_out_ends_the_pushes_to_this_device(owner: OwnerAtHull):
    subscribe(owner)
    owner.open("account")
    owner.press("Sign out")
    expect(owner.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    owner.page.wait_for_load_state("networkidle")
    assert owner.page.evaluate("localStorage.getItem('push')") is None


def test_a_push_leads_to_what_it_is_about(owner: OwnerAtHull):
    owner.register()
    owner.open("vessels/new")
    owner.fill("Name", "Nordstern")
    owner.press("Save")
    expect(owner.page).to_have_url(re.compile(r"/vessels/[0-9a-f-]{36}$"))
    vessel_id = owner.page.url.rpartition("/")[2]
    owner.open().wait_for_worker()
    owner.page.context.grant_permissions(["notifications"], origin=owner.base_url)
    push = {
        "delivery_id": "d",
        "kind": "recheck_due",
        "title": "T",
        "body": "B",
        "data": {"vessel_id": vessel_id},
        "locale": "de",
    }
    worker = owner.page.context.service_workers[0]
    for text in (json.dumps(push), json.dumps(push), "unreadable"):
        deliver(owner.page, text)
    assert sorted(shown_until(worker, title="Maretech")) == [
        ["Maretech", "", ""],
        ["T", "B", "de"],
    ]  # twice the same is shown once
    click(worker, title="T")
    expect(owner.page).to_have_url(f"{owner.base_url}/app/vessels/{vessel_id}")


def test_photos_that_wait_are_named_before_the_sign_out(owner: OwnerAtHull, photos: Callable[..., Path]):
    owner.register()
    owner.open().wait_for_worker()
    owner.start_visit("corrosion", boat="Nordstern")
    owner.page.context.set_offline(True)
    owner.choose("wide", photos("wide"))
    owner.page.get_by_role("navigation").get_by_role("link", name="Account").click()
    owner.press("Sign out")
    owner.sees("One photo on this device is not sent yet. It stays here")
    owner.press("Sign out anyway")
    owner.sees("No connection to the server.")  # the session would live on
    owner.press("Stay signed in")


def test_a_copy_of_the_data_can_be_fetched(owner: OwnerAtHull):
    owner.register()
    owner.open("account/export")
    owner.press("Make a copy")
    with owner.page.expect_download() as download:
        owner.follow("Download")
    assert zipfile.ZipFile(download.value.path()).testzip() is None


def test_a_deleted_account_is_gone(owner: OwnerAtHull):
    email = owner.register()
    owner.open("account/erase")
    owner.fill("Current password", PASSWORD)
    owner.press("Delete my account")  # the browser asks for the confirmation first
    owner.page.get_by_label("I understand that this cannot be undone.").check()
    owner.press("Delete my account")
    owner.sees("Your account is closed and is being deleted. Keep this number:")
    owner.fill("E-mail address", email)
    owner.fill("Password", PASSWORD)
    owner.press("Sign in")
    owner.sees("E-mail address and password do not match.")


def subscribe(owner: OwnerAtHull) -> str:
    """Register, and switch pushes on in a browser that has a push service. Returns the server's key."""
    key, browser = encoded(b"\4" + secrets.token_bytes(64)), Browser("")
    owner.page.add_init_script(PUSH_SERVICE.replace("KEYS", json.dumps(browser.subscription["keys"])))
    owner.page.context.grant_permissions(["notifications"], origin=owner.base_url)
    offer_push(owner, key)
    owner.register()
    owner.open("notifications/preferences")
    owner.press("Show notifications on this device")
    owner.sees("This device shows your notifications")
    return key


def offer_push(owner: OwnerAtHull, key: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(json={"public_key": key})

    owner.page.unroute("**/web-push-key")
    owner.page.route("**/web-push-key", answer)


def deliver(page: Page, text: str) -> None:
    """Hand a push to the service worker, as the browser does when its push service has one."""
    session, registrations = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    while not registrations:
        page.wait_for_timeout(50)
    registration = registrations[-1]["registrationId"]
    origin = page.evaluate("location.origin")
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": text})
    page.wait_for_load_state("networkidle")
    session.detach()


def shown_until(worker: Worker, *, title: str) -> list[list[str]]:
    """Return title, text and language of each notification, once one of this title is shown. The order is any."""
    shown: list[list[str]] = worker.evaluate(
        """async (title) => {
          for (let tries = 0; tries < 600; tries += 1) {
            const all = await self.registration.getNotifications();
            if (all.some((one) => one.title === title)) return all.map((one) => [one.title, one.body, one.lang]);
            await new Promise((again) => setTimeout(again, 100));
          }
          throw new Error(`No notification has the title ${title}`);
        }""",
        title,
    )
    return shown


def click(worker: Worker, *, title: str) -> None:
    worker.evaluate(
        """async (title) => {
          const all = await self.registration.getNotifications();
          const notification = all.find((one) => one.title === title);
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }""",
        title,
    )
