"""Test a whole run at DEBUG: no line has a password, token, address, push token, signed link, card or position."""

import io
import json
import logging
from uuid import UUID

import pytest
import structlog
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from rest_framework.views import APIView

from accounts.identity import step_up_codes
from accounts.identity.reset_codes import mail_code
from accounts.models import PasswordReset, StepUp, User
from accounts.staff.second_factor import store_second_factor
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.observability.logging import SHARED_PROCESSORS
from testing.factories import UserFactory
from testing.fake_push import Browser
from testing.phone import Phone, caller, work
from testing.web_purchases import selling
from tests.accounts.mailed_codes import code_in
from tests.inspections.pictures import LATITUDE, located

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD, NEW_PASSWORD = "skipper@example.org", "keel-and-rudder-7", "anchor-and-chain-9"
PUSH_TOKEN = "ExponentPushToken[secret-of-a-phone]"
BROWSER = Browser("https://updates.push.services.mozilla.com/wpush/v2/secret-of-a-browser")
SECRET = "3132333435363738393031323334353637383930"


@pytest.fixture
def lines(settings):
    """Collect the output of every logger, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=processors, foreign_pre_chain=SHARED_PROCESSORS)
    )
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("factory").setLevel(logging.WARNING)  # of these tests, not of the project
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def secrets_of_a_run(settings) -> dict[str, str]:
    """Do everything an owner and a colleague can do; return the values that no line may contain."""
    found = {"address": EMAIL, "password": PASSWORD, "new password": NEW_PASSWORD, "push token": PUSH_TOKEN}
    anonymous = caller()
    pair = {"email": EMAIL, "password": PASSWORD}
    anonymous.post("/v1/auth/register", pair, format="json")
    anonymous.post("/v1/auth/login", {**pair, "password": "guessed-by-a-thief"}, format="json")
    found["guess"] = "guessed-by-a-thief"
    token = anonymous.post("/v1/auth/login", pair, format="json").json()["token"]
    found |= {"access token": token["access_token"], "refresh token": token["refresh_token"]}
    phone = Phone(User.objects.get(email=EMAIL), caller(token["access_token"]))
    phone.post("/auth/me/devices", {"platform": "ios", "push_token": PUSH_TOKEN})
    web = {"platform": "web", "subscription": BROWSER.subscription}
    assert phone.post("/auth/me/devices", web).status_code == 201
    phone.post("/auth/me/devices", {**web, "subscription": {**BROWSER.subscription, "keys": {}}})
    found |= {"secret of a browser": "secret-of-a-browser", **BROWSER.subscription["keys"]}
    found |= inspected(phone)
    phone.buy()
    with selling(settings) as fake:
        order = phone.post("/checkout/sessions", {"product": "osmosis_inspection"}, HTTP_IDEMPOTENCY_KEY="k").json()
        found["hosted page"] = order["url"]
        found["secret of Stripe"] = settings.STRIPE_SECRET_KEY
        assert fake.events is not None
    found["step-up code"] = stepped_up(phone)
    anonymous.post("/v1/auth/password/reset", {"email": EMAIL}, format="json")
    mail_code(reset_id=PasswordReset.objects.latest("requested_at").pk)
    code = next(word for word in mail.outbox[-1].body.split() if word.isdecimal() and len(word) == 6)
    body = {"email": EMAIL, "code": code, "password": NEW_PASSWORD}
    assert anonymous.post("/v1/auth/password/reset/confirm", body, format="json").status_code == 204
    return found | {"reset code": f'"{code}"'} | colleague()


def stepped_up(phone: Phone) -> str:
    """Open the session by a code. Returns the code as JSON would write it."""
    User.objects.filter(email=EMAIL).update(email_verified_at=timezone.now())
    assert phone.post("/auth/step-up").status_code == 202
    step_up_codes.mail_code(step_up_id=StepUp.objects.get().pk)
    code = code_in(mail.outbox[-1])
    assert phone.post("/auth/step-up/verify", {"code": code}).status_code == 200
    return f'"{code}"'


def inspected(phone: Phone) -> dict[str, str]:
    opened = phone.open(vessel_label="Nordwind of Flensburg", capture_context={"region_text": "Flensburg harbour"})
    for number, upload in enumerate(opened["uploads"]):
        assert phone.put(upload, located(number)).status_code == 200
        phone.post(f"/assets/{upload['asset_id']}/uploaded")
        check_uploaded_photo(UUID(upload["asset_id"]))
    phone.post(f"/inspections/{opened['inspection_id']}/complete")
    work(opened["inspection_id"])
    assert phone.get(f"/inspections/{opened['inspection_id']}/result").status_code == 200
    link = opened["upload_urls"][0].rpartition("/")[2]
    return {
        "signed link": link,
        "vessel": "Nordwind of Flensburg",
        "region": "Flensburg harbour",
        "position": str(LATITUDE),
        "maker": "Secret Cameras",
    }


def colleague() -> dict[str, str]:
    staff = UserFactory.create(email="colleague@example.org", is_staff=True, is_superuser=True)
    codes = store_second_factor(user=staff, secret=SECRET)
    code = f"{totp(bytes.fromhex(SECRET)):06d}"
    browser = Client()
    pair = {"username": staff.email, "password": "barnacle-free-2026"}
    browser.post("/admin/login/", {**pair, "code": codes[0]})
    assert browser.get(f"/admin/accounts/user/?q={EMAIL}").status_code == 200
    Client().post("/admin/login/", {**pair, "code": code})
    session = browser.session.session_key
    return {"staff": staff.email, "recovery code": codes[0], "secret": SECRET, "code": f'"{code}"', "cookie": session}


def test_a_whole_run_logs_no_secret_and_no_personal_data(lines, settings):
    found = secrets_of_a_run(settings)
    text = lines.getvalue()
    assert text.count("maretech.access") > 15
    assert {name: value for name, value in found.items() if value in text} == {}


def test_a_crash_is_logged_with_its_place_and_without_values(lines, monkeypatch):
    def crash(*_: object) -> None:
        password = PASSWORD
        raise RuntimeError(str(len(password)))

    monkeypatch.setattr(APIView, "check_throttles", crash)
    caller().post("/v1/auth/login", {"email": EMAIL, "password": PASSWORD}, format="json")
    text = lines.getvalue()
    assert "unexpected error" in text
    assert PASSWORD not in text
    assert EMAIL not in text


def test_the_search_finds_a_secret_that_was_logged(lines):
    logging.getLogger("anything").debug("signed in as %s", EMAIL)
    assert EMAIL in json.loads(lines.getvalue().splitlines()[-1])["event"]
