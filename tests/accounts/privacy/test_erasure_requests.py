"""Test the request for erasure: it requires the password, and locks the account from that moment on."""

import pytest

from accounts.errors import InvalidCredentials
from accounts.identity.sessions import sign_in, start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import Erasure, User
from accounts.vocabulary import EndReason
from testing.factories import PASSWORD
from testing.phone import Phone, caller
from tests.accounts.privacy.full_account import erase
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PATH = "/auth/me/erasure"


def test_a_wrong_password_erases_nothing(phone):
    body = refused(phone.post(PATH, {"password": "not-the-password"}), 401, "INVALID_CREDENTIALS")
    assert "password" in body["message"]
    assert not Erasure.objects.exists()
    assert phone.get("/auth/me").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"password": ""}, {"password": None}, {"password": ["x"]}, {"password": "x" * 129}]
)
def test_a_body_without_a_password_is_refused(phone, body):
    refused(phone.post(PATH, body), 400, "VALIDATION_ERROR")


def test_tries_are_limited_like_sign_ins(phone, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"credentials": "2/min"}
    for _ in range(2):
        refused(phone.post(PATH, {"password": "guess"}), 401, "INVALID_CREDENTIALS")
    refused(phone.post(PATH, {"password": PASSWORD}), 429, "RATE_LIMITED")


def test_the_answer_is_a_receipt_and_the_erasure_is_enqueued(phone, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = phone.post(PATH, {"password": PASSWORD})
    assert answer.status_code == 202
    receipt = Erasure.objects.get()
    assert answer.json() == {"receipt_id": str(receipt.pk)}
    assert broker == [("accounts.tasks.erase_account", (str(receipt.pk),))]


def test_every_token_of_every_session_is_refused_after_the_answer(phone, owner):
    other = issue_tokens(start_session(user=owner))
    assert phone.post(PATH, {"password": PASSWORD}).status_code == 202
    for client in (phone.client, caller(other.access_token)):
        refused(client.get("/v1/auth/me"), 401, "TOKEN_INVALID")
    presented = {"refresh_token": other.refresh_token}
    refused(caller().post("/v1/auth/refresh", presented, format="json"), 401, "TOKEN_INVALID")
    assert set(owner.sessions.values_list("end_reason", flat=True)) == {EndReason.ERASED}


def test_an_account_awaiting_erasure_cannot_sign_in(phone, owner):
    phone.post(PATH, {"password": PASSWORD})
    with pytest.raises(InvalidCredentials):
        sign_in(email=owner.email, password=PASSWORD)


def test_an_erased_address_can_register_a_new_account(phone, owner):
    phone.open("corrosion")
    erase(phone)
    answer = caller().post("/v1/auth/register", {"email": owner.email, "password": PASSWORD}, format="json")
    assert answer.status_code == 201
    anew = User.objects.get(email=owner.email)
    assert anew.pk != owner.pk
    assert Phone.of(anew).get("/inspections?mode=corrosion").json()["results"] == []


def test_the_domain_of_erased_accounts_cannot_register(db):
    body = {"email": "anybody@erased.invalid", "password": PASSWORD}
    refused(caller().post("/v1/auth/register", body, format="json"), 400, "VALIDATION_ERROR")
