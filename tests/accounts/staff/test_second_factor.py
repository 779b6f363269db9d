"""Test the admin's second factor: who passes, with what, and what a thief gets."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import StaffAction
from accounts.staff.second_factor import new_secret, store_second_factor
from testing.factories import PASSWORD, UserFactory
from tests.conftest import browser

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
PAGE = "/admin/second-factor/"
SECRET = "3132333435363738393031323334353637383930"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.ADMIN_REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def colleague(staff):
    """A colleague enrolled in the second factor."""
    staff.codes = store_second_factor(user=staff, secret=SECRET)
    return staff


def code_now() -> str:
    return f"{totp(bytes.fromhex(SECRET)):06d}"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def log_in(user, code: str = "", password: str = PASSWORD) -> Client:
    client = Client()
    client.post(LOGIN, {"username": user.email, "password": password, "code": code})
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_password_and_code_open_the_admin(colleague):
    assert is_in(log_in(colleague, code_now()))


@pytest.mark.parametrize("code", ["", "000000000", "abcdef", "１２３４５６", "\x00", "١٢٣٤٥٦"])
def test_a_wrong_code_opens_nothing(colleague, code):
    client = Client()
    answer = client.post(LOGIN, {"username": colleague.email, "password": PASSWORD, "code": code})
    assert answer.status_code == 200
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_the_page_never_says_what_was_wrong(colleague):
    attempts = (
        {"code": wrong(code_now())},
        {"password": "wrong", "code": code_now()},
        {"username": "nobody@example.org"},
    )
    pages = []
    for attempt in attempts:
        sent = {"username": colleague.email, "password": PASSWORD, **attempt}
        pages.append(re.findall(r'errornote">(.*?)<', Client().post(LOGIN, sent).content.decode()))
    assert pages[0] == pages[1] == pages[2] != []


def test_a_code_works_once(colleague):
    code = code_now()
    assert is_in(log_in(colleague, code))
    assert not is_in(log_in(colleague, code))


def test_guesses_delay_even_the_right_code(colleague):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            log_in(colleague, wrong(code_now()))
        assert not is_in(log_in(colleague, code_now()))
        clock.shift(timedelta(seconds=60))
        assert is_in(log_in(colleague, code_now()))


def test_a_recovery_code_signs_in_once_and_is_stored_as_a_hash(colleague):
    code = colleague.codes[3]
    assert is_in(log_in(colleague, code.upper()))
    assert not is_in(log_in(colleague, code))
    stored = list(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 9
    assert not {one.replace("-", "") for one in colleague.codes} & set(stored)


def test_the_stored_hash_of_a_recovery_code_does_not_sign_in(colleague):
    assert not is_in(log_in(colleague, StaticToken.objects.first().token))


def test_a_code_of_another_account_is_refused(colleague):
    other = UserFactory.create(is_staff=True)
    codes = store_second_factor(user=other, secret=new_secret())
    assert not is_in(log_in(colleague, codes[0]))
    assert not is_in(log_in(other, code_now()))


def test_a_session_without_the_second_factor_can_do_nothing(colleague):
    thief = browser(colleague)  # the cookie of a password alone
    for path in ("/admin/", "/admin/accounts/user/", "/admin/password_change/"):
        assert thief.get(path)["Location"].startswith(LOGIN)
    assert thief.get(PAGE)["Location"] == LOGIN
    assert thief.post(PAGE, {"code": code_now()})["Location"] == LOGIN
    assert TOTPDevice.objects.get().key == SECRET


def test_staff_without_a_second_factor_can_open_only_its_set_up_page(staff):
    client = log_in(staff)
    assert client.get("/admin/accounts/user/", follow=True).request["PATH_INFO"] == PAGE
    assert client.post("/admin/accounts/user/").status_code == 302


def test_setting_up_shows_ten_recovery_codes_once_and_signs_in(staff):
    client = log_in(staff)
    page = client.get(PAGE).content.decode()
    assert "<svg" in page
    secret = client.session["second_factor_secret"]
    before = client.session.session_key
    shown = client.post(PAGE, {"code": f"{totp(bytes.fromhex(secret)):06d}"}).content.decode()
    codes = re.findall(r"<li>([a-z2-7-]{19})</li>", shown)
    assert len(set(codes)) == 10
    assert is_in(client)
    assert client.session.session_key != before
    assert "second_factor_secret" not in client.session
    again = client.get(PAGE).content.decode()
    assert "10 recovery codes left" in again
    assert not any(code in again for code in codes)
    assert is_in(log_in(staff, codes[0]))


def test_the_code_used_for_set_up_is_not_accepted_again(staff):
    client = log_in(staff)
    client.get(PAGE)
    code = f"{totp(bytes.fromhex(client.session['second_factor_secret'])):06d}"
    client.post(PAGE, {"code": code})
    assert not is_in(log_in(staff, code))


def test_a_wrong_first_code_keeps_the_secret_and_sets_nothing_up(staff):
    client = log_in(staff)
    client.get(PAGE)
    secret = client.session["second_factor_secret"]
    answer = client.post(PAGE, {"code": wrong(f"{totp(bytes.fromhex(secret)):06d}")})
    assert "not the code" in answer.content.decode()
    assert (client.session["second_factor_secret"], TOTPDevice.objects.exists()) == (secret, False)


def test_two_browsers_never_see_the_same_secret(staff):
    first, second = log_in(staff), log_in(staff)
    for client in (first, second):
        client.get(PAGE)
    assert first.session["second_factor_secret"] != second.session["second_factor_secret"]


def test_the_secret_is_not_cached_or_sent_elsewhere(staff):
    answer = log_in(staff).get(PAGE)
    assert "no-store" in answer["Cache-Control"]
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", answer.content.decode().split("<main")[1])


def test_an_owner_cannot_set_up_a_second_factor(owner):
    assert browser(owner).get(PAGE)["Location"] == LOGIN
    assert Client().get(PAGE)["Location"] == LOGIN


def test_development_needs_no_second_factor_until_one_is_set_up(settings, staff):
    settings.ADMIN_REQUIRE_SECOND_FACTOR = False
    client = log_in(staff)
    assert is_in(client)
    store_second_factor(user=staff, secret=SECRET)
    assert not is_in(client)
    assert not is_in(log_in(staff))
    assert is_in(log_in(staff, code_now()))


def test_the_admin_shows_no_secret_of_a_colleague(boss, settings):
    settings.ADMIN_REQUIRE_SECOND_FACTOR = False
    for path in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert boss.get(f"/admin/{path}/").status_code == 404


def reset(email: str, *, staff: str, reason: str = "phone lost at sea") -> None:
    call_command("reset_second_factor", email, "--staff", staff, "--reason", reason, stdout=io.StringIO())


def test_a_reset_is_recorded_and_ends_every_session(colleague, boss):
    client = log_in(colleague, code_now())
    password_only = browser(colleague)
    reset(colleague.email, staff="boss@example.org")
    assert not is_in(client)
    # The holder of an old cookie must not be able to enrol again either.
    assert password_only.get(PAGE)["Location"] == LOGIN
    assert not StaticToken.objects.exists()
    action = StaffAction.objects.get()
    assert (action.action, action.reason, action.subject_id) == (
        "reset_second_factor",
        "phone lost at sea",
        str(colleague.pk),
    )
    assert Session.objects.count() == 1  # the boss's


@pytest.mark.parametrize("wrongly", [{"reason": " "}, {"staff": "nobody@example.org"}])
def test_a_reset_needs_staff_and_a_reason(colleague, boss, wrongly):
    with pytest.raises(CommandError):
        reset(colleague.email, **{"staff": "boss@example.org", **wrongly})
    assert TOTPDevice.objects.exists()


def enrol(email: str, *, staff: str = "boss@example.org", reason: str = "first day at work") -> str:
    out = io.StringIO()
    call_command("enrol_second_factor", email, "--staff", staff, "--reason", reason, stdout=out)
    return out.getvalue()


def test_a_second_factor_can_be_set_up_on_the_server(staff, boss):
    text = enrol(staff.email)
    secret = TOTPDevice.objects.get(user=staff).key
    assert is_in(log_in(staff, f"{totp(bytes.fromhex(secret)):06d}"))
    assert "otpauth://totp/Maretech" in text
    assert len(re.findall(r"^[a-z2-7-]{19}$", text, re.MULTILINE)) == 10
    with pytest.raises(CommandError, match="already"):
        enrol(staff.email)
    action = StaffAction.objects.get()  # of what was done, and not of what was refused
    assert (action.action, action.reason, action.subject_id) == (
        "enrol_second_factor",
        "first day at work",
        str(staff.pk),
    )
    assert secret not in str(action.detail)


@pytest.mark.parametrize("wrongly", [{"reason": " "}, {"staff": "nobody@example.org"}])
def test_setting_up_for_a_colleague_needs_staff_and_a_reason(staff, boss, wrongly):
    with pytest.raises(CommandError):
        enrol(staff.email, **wrongly)
    assert not TOTPDevice.objects.exists()


def test_the_command_refuses_an_owner(owner, boss):
    with pytest.raises(CommandError, match="member of staff"):
        enrol(owner.email)


def test_a_code_is_accepted_from_a_clock_half_a_minute_off(colleague):
    assert is_in(log_in(colleague, f"{totp(bytes.fromhex(SECRET), t0=30):06d}"))
