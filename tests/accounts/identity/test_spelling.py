"""Test that an address, a password and a code are the same in every Unicode form a device may send."""

import json
import unicodedata
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from rest_framework.test import APIClient

from accounts.identity.addresses import NotAnAddress, parse_email
from accounts.identity.sessions import start_session
from accounts.models import StaffInvitation, User
from accounts.staff.second_factor import store_second_factor, verified_device
from tests.accounts.mailed_codes import EMAIL, NEW_PASSWORD, mailed_code

pytestmark = pytest.mark.django_db
PASSWORD = "Schlüssel für Änne 42"
NFC, NFD = (unicodedata.normalize(form, PASSWORD) for form in ("NFC", "NFD"))
WIDE = "Ｓｃｈｌüｓｓｅｌ　ｆüｒ　Äｎｎｅ　４２"
WAYS = [NFC, NFD, WIDE]
SECRET = "3132333435363738393031323334353637383930"


def post(path: str, *, client: APIClient | None = None, **body: Any) -> Any:
    return (client or APIClient()).post(f"/v1/auth/{path}", json.dumps(body), content_type="application/json")


def signs_in(password: str, email: str = EMAIL) -> bool:
    return bool(post("login", email=email, password=password).status_code == 200)


@pytest.mark.parametrize("chosen", WAYS)
def test_a_password_is_the_same_on_every_device(chosen: str) -> None:
    assert post("register", email=EMAIL, password=chosen).status_code == 201
    assert [signs_in(typed) for typed in WAYS] == [True] * 3
    assert not signs_in(PASSWORD.replace("ü", "u"))


@pytest.mark.parametrize("typed", WAYS)
def test_every_route_accepts_a_password_in_every_form(client: APIClient, typed: str, mailoutbox: list[Any]) -> None:
    user = User.objects.get(email=EMAIL)
    user.set_password(NFD)
    User.objects.filter(pk=user.pk).update(password=user.password)  # saving the user would end the session
    answer = post("password/change", client=client, old_password=typed, new_password=NFD + "!")
    assert answer.status_code == 204
    assert signs_in(NFC + "!")
    reset = post("password/reset/confirm", email=EMAIL, code=mailed_code(mailoutbox), password=typed)
    assert reset.status_code == 204
    assert [signs_in(each) for each in WAYS] == [True] * 3
    signed_in = post("login", email=EMAIL, password=typed).json()["token"]["access_token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in}")
    assert post("me/erasure", client=client, password=NFD).status_code == 202


@pytest.mark.parametrize("typed", WAYS)
def test_staff_sign_in_with_a_password_in_every_form(typed: str) -> None:
    User.objects.create_user("staff@example.org", NFD, is_staff=True, email_verified_at=timezone.now())
    answer = Client().post("/admin/login/?next=/admin/", {"username": "staff@example.org", "password": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_a_password_chosen_by_staff_is_stored_in_one_spelling() -> None:
    rights = {"is_staff": True, "is_superuser": True, "email_verified_at": timezone.now()}
    user = User.objects.create_user("staff@example.org", NFC, **rights)
    browser = Client()
    browser.force_login(user)
    form = {"old_password": NFD, "new_password1": NFC + "!", "new_password2": NFD + "!"}
    assert browser.post("/admin/password_change/", form).status_code == 302
    assert signs_in(NFD + "!", "staff@example.org")


@pytest.mark.parametrize("typed_then", WAYS)
def test_an_old_hash_works_and_is_replaced(owner: User, typed_then: str) -> None:
    User.objects.update(password=make_password(typed_then))
    before = User.objects.get().password
    assert signs_in(typed_then)
    anew = User.objects.get().password
    assert (anew != before) == (typed_then != NFC)
    if typed_then != NFD:
        assert signs_in(NFD)
    assert signs_in(NFC)
    assert User.objects.get().password == anew


def test_replacing_a_hash_never_restores_an_old_password(owner: User) -> None:
    """A reset wins over a concurrent check of the old password."""
    User.objects.update(password=make_password(NFD))
    stale = User.objects.get()
    winner = User.objects.get()
    winner.set_password(NEW_PASSWORD)
    winner.save()
    assert not stale.check_password(NFD)
    assert signs_in(NEW_PASSWORD)
    assert not signs_in(NFD)


def test_parallel_sign_ins_that_replace_a_hash_both_succeed(owner: User) -> None:
    User.objects.update(password=make_password(NFD))
    first, second = User.objects.get(), User.objects.get()
    assert first.check_password(NFD)
    assert second.check_password(NFD)
    assert first.password == second.password == User.objects.get().password


@pytest.mark.parametrize(
    "typed", ["wrong-password-7", "wröng-password-7", unicodedata.normalize("NFD", "wröng-password-7")]
)
def test_known_and_unknown_addresses_cost_the_same_hashes(owner: User, typed: str, monkeypatch: Any) -> None:
    counted: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: counted.append(args[1]) or encode(*args))
    costs = []
    for email in (EMAIL, "stranger@example.org"):
        for sign_in in (
            lambda email=email: post("login", email=email, password=typed),
            lambda email=email: Client().post("/admin/login/", {"username": email, "password": typed}),
        ):
            counted.clear()
            sign_in()
            costs.append(len(counted))
    assert len(set(costs)) == 1
    assert costs[0] == len({typed, unicodedata.normalize("NFKC", typed)})


BLANKS = (
    " ",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\t \u2003\u3164",
    "\u2800",
    "\u034f\ufe0f",
    "\u17b4",
    "\U000e0100",
    "\U0001d159",
    "\u0301",
)


@pytest.mark.parametrize("blank", [each * 12 for each in BLANKS])
def test_a_password_of_blanks_is_refused_everywhere(client: APIClient, blank: str, mailoutbox: list[Any]) -> None:
    answers = [
        post("register", email="new@example.org", password=blank),
        post("password/change", client=client, old_password="keel-and-rudder-7", new_password=blank),
        post("password/reset/confirm", email=EMAIL, code=mailed_code(mailoutbox), password=blank),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert User.objects.count() == 1


def test_lengths_are_counted_in_the_normal_form() -> None:
    """Ten letters typed as twenty count as ten; one sign that represents eighteen letters counts as eighteen."""
    combined = unicodedata.normalize("NFD", "äöüäöüäöü")
    assert len(combined) == 18
    assert post("register", email=EMAIL, password=combined).status_code == 400
    assert post("register", email=EMAIL, password="\ufdfa" * 10).status_code == 400  # 180 letters
    longest = unicodedata.normalize("NFD", "Ärö-7" * 25)
    assert len(longest) > 128
    assert post("register", email=EMAIL, password=longest).status_code == 201
    assert signs_in(unicodedata.normalize("NFC", longest))
    assert post("login", email=EMAIL, password="p" * 129).status_code == 400
    assert post("login", email=EMAIL, password="\u0301" * 30_000).status_code == 400


SPELLINGS = [
    ("skipper@example.org", "skipper@example.org"),
    ("  Skipper@EXAMPLE.org\t", "skipper@example.org"),
    ("\u00a0SKIPPER@example.ORG\u3000", "skipper@example.org"),
    ("skipper@ＥＸＡＭＰＬＥ.org", "skipper@example.org"),
    ("skipper@example。org", "skipper@example.org"),
    ("skipper@BÜCHER.example", "skipper@xn--bcher-kva.example"),
    ("skipper@bu\u0308cher.example", "skipper@xn--bcher-kva.example"),
    ("skipper@XN--BCHER-KVA.example", "skipper@xn--bcher-kva.example"),
    ("skipper@faß.example", "skipper@xn--fa-hia.example"),
    ("o'brien+boat@example.org", "o'brien+boat@example.org"),
]
REFUSED = [
    '"skipper"@example.org',
    '"skip per"@example.org',
    '"skipper\\@x"@example.org',
    "skïpper@example.org",
    "\u017fkipper@example.org",  # a long s, which equals s in comparisons that ignore case
    "s\u212aipper@example.org",  # a Kelvin sign
    "ｓkipper@example.org",
    "skipper\u200b@example.org",
    "skip\u00adper@example.org",
    "skipper@example.org.",
    "skipper.@example.org",
    ".skipper@example.org",
    "skip..per@example.org",
    "skipper@example..org",
    "skipper@[127.0.0.1]",
    "skipper@[IPv6:::1]",
    "skipper@xn--a.org",
    "skipper@-example.org",
    "skip per@example.org",
    "skipper@exa mple.org",
    "skipper@example.org\n.evil.org",
    "skipper＠example.org",
    "a@b@example.org",
    "(note)skipper@example.org",
    "s" * 65 + "@example.org",
    "skipper@" + "a" * 250 + ".org",
    "skipper@" + "ü" * 60 + ".org",
    "skipper",
    "@example.org",
    "",
]


@pytest.mark.parametrize(("typed", "stored"), SPELLINGS)
def test_an_address_is_one_account_in_every_form(typed: str, stored: str, mailoutbox: list[Any]) -> None:
    assert parse_email(typed) == stored
    assert post("register", email=typed, password=NFC).status_code == 201
    user = User.objects.get()
    assert user.email == stored
    assert post("register", email=stored, password=NFC).status_code == 409
    assert signs_in(NFC, typed)
    assert post("password/reset", email=typed).status_code == 202
    assert user.password_resets.count() == 1
    call_command("create_staff", typed)
    assert StaffInvitation.objects.get().user == user
    assert User.objects.get_by_natural_key(typed) == user
    User.objects.update(is_staff=True, password=make_password(NFC), email_verified_at=timezone.now())
    answer = Client().post("/admin/login/?next=/admin/", {"username": typed, "password": NFC})
    assert answer.status_code == 302


@pytest.mark.parametrize("typed", REFUSED)
def test_an_address_without_one_spelling_is_refused_everywhere(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        parse_email(typed)
    with pytest.raises(NotAnAddress):
        User.objects.create_user(typed, NFC)
    body = {"email": typed, "password": NFC}
    for path, more in (
        ("register", {}),
        ("login", {}),
        ("password/reset", {}),
        ("password/reset/confirm", {"code": "123456"}),
    ):
        answer = post(path, **body, **more)
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"email"}), path
    with pytest.raises(CommandError):
        call_command("end_sessions", typed, "--staff", typed, "--reason", "x")
    assert not User.objects.exists()


@pytest.mark.parametrize("zero", ["0", "٠", "०", "０", "𝟎", "๐"])
def test_a_code_is_accepted_in_digits_of_any_script(owner: User, zero: str, mailoutbox: list[Any]) -> None:
    def in_script(code: str) -> str:
        return "".join(chr(ord(zero) + int(digit)) for digit in code)

    code = in_script(mailed_code(mailoutbox))
    spaced = f" {code[:3]} {code[3:]} "
    assert post("password/reset/confirm", email=EMAIL, code=spaced, password=NFC).status_code == 204
    store_second_factor(user=owner, secret=SECRET)
    now = f"{totp(bytes.fromhex(SECRET)):06d}"
    assert verified_device(user=owner, code=in_script(now)) is not None


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "12345²", "½23456", "Ⅷ23456", "", "      "])
def test_a_code_with_other_characters_is_refused(owner: User, code: str) -> None:
    answer = post("password/reset/confirm", email=EMAIL, code=code, password=NFC)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"code"})


def test_a_recovery_code_is_accepted_in_digits_of_any_script(owner: User) -> None:
    codes = store_second_factor(user=owner, secret=SECRET)
    arabic = "".join(chr(ord("٠") + int(each)) if each.isdecimal() else each for each in codes[0])
    assert verified_device(user=owner, code=f" {arabic.upper()} ") is not None
    assert start_session(user=owner)
