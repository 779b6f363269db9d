"""Test the sessions of the web app: a cookie that no script reads, and no page of another site."""

from http.cookies import Morsel
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import Session, User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"
OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def page() -> APIClient:
    """Return the browser on a page of the web app."""
    return APIClient(**OWN)


def register(page: APIClient) -> Any:
    return page.post("/app/session/register", {"email": "owner@example.org", "password": PASSWORD}, format="json")


def cookie_of(answer: Any) -> "Morsel[str]":
    return answer.cookies["maretech_refresh"]


def test_a_page_gets_the_access_token_and_the_browser_keeps_the_other(page: APIClient):
    answer = register(page)
    assert answer.status_code == 201
    assert set(answer.json()) == {"user", "access_token", "expires_in"}
    me = APIClient(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}").get("/v1/auth/me").json()
    assert me["email"] == answer.json()["user"]["email"] == "owner@example.org"
    cookie = cookie_of(answer)
    assert cookie.value not in answer.content.decode()
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", "/app/session")


def test_signing_in_starts_another_session(page: APIClient):
    register(page)
    credentials = {"email": "owner@example.org", "password": PASSWORD}
    answer = APIClient(**OWN).post("/app/session/login", credentials, format="json")
    assert answer.status_code == 200
    assert Session.objects.filter(ended_at=None).count() == 2
    wrong = APIClient(**OWN).post("/app/session/login", credentials | {"password": "another"}, format="json")
    assert (wrong.status_code, wrong.json()["error_code"]) == (401, "INVALID_CREDENTIALS")
    assert not wrong.cookies


def test_a_refresh_replaces_the_cookie(page: APIClient):
    first = register(page)
    answer = page.post("/app/session/refresh")
    assert answer.status_code == 200
    assert cookie_of(answer).value != cookie_of(first).value
    again = page.post("/app/session/refresh")
    assert again.status_code == 200


def test_a_lost_answer_costs_nothing(page: APIClient):
    first = cookie_of(register(page)).value
    assert page.post("/app/session/refresh").status_code == 200
    page.cookies["maretech_refresh"] = first  # the browser never saw the answer
    assert page.post("/app/session/refresh").status_code == 200


def test_without_a_cookie_nobody_is_signed_in(page: APIClient):
    assert page.post("/app/session/refresh").status_code == 204


def test_a_stolen_cookie_ends_the_session_and_leaves_the_browser(page: APIClient):
    stolen = cookie_of(register(page)).value
    used = page.post("/app/session/refresh").json()["access_token"]
    assert APIClient(HTTP_AUTHORIZATION=f"Bearer {used}").get("/v1/auth/me").status_code == 200
    page.cookies["maretech_refresh"] = stolen
    answer = page.post("/app/session/refresh")
    assert (answer.status_code, answer.json()["reason"]) == (401, "revoked")
    assert cookie_of(answer).value == ""
    assert not Session.objects.filter(ended_at=None).exists()


def test_signing_out_ends_the_session_and_removes_the_cookie(page: APIClient):
    access = register(page).json()["access_token"]
    answer = page.delete("/app/session")
    assert answer.status_code == 204
    assert cookie_of(answer).value == ""
    assert APIClient(HTTP_AUTHORIZATION=f"Bearer {access}").get("/v1/auth/me").status_code == 401
    assert APIClient(**OWN).delete("/app/session").status_code == 204  # no owner is signed in any more


def test_signing_out_ends_only_the_session_of_the_cookie(page: APIClient, owner: User):
    start_session(user=owner)
    register(page)
    page.cookies["maretech_refresh"] = "not.a.token"
    assert page.delete("/app/session").status_code == 204
    assert Session.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
@pytest.mark.parametrize("path", ["register", "login", "refresh"])
def test_another_site_gets_nothing(path: str, site: str, owner: User):
    cookie = issue_tokens(start_session(user=owner)).refresh_token
    attacker = APIClient(HTTP_SEC_FETCH_SITE=site)
    attacker.cookies["maretech_refresh"] = cookie
    answer = attacker.post(f"/app/session/{path}", {"email": "a@example.org", "password": PASSWORD}, format="json")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "FORBIDDEN")
    assert not answer.cookies
    assert attacker.delete("/app/session").status_code == 403
    assert Session.objects.get().ended_at is None
    assert Session.objects.get().previous_refresh_id is None


@pytest.mark.parametrize(
    ("origin", "status"), [("http://testserver", 201), ("https://attacker.example", 403), ("", 403)]
)
def test_a_browser_that_names_no_site_must_name_this_origin(origin: str, status: int):
    browser = APIClient(HTTP_ORIGIN=origin) if origin else APIClient()
    assert register(browser).status_code == status


def test_production_sends_the_cookie_over_https_only(page: APIClient, settings: Any):
    assert not cookie_of(register(page))["secure"]
    settings.PRODUCTION = True
    assert cookie_of(page.post("/app/session/refresh"))["secure"]


def test_the_cookie_opens_nothing_in_the_api(page: APIClient):
    register(page)
    assert page.get("/v1/auth/me").status_code == 401
