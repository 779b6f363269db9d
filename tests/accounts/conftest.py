"""Owners and clients for the account tests. Nothing here reaches a broker."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import Session, User
from tests.accounts.mailed_codes import EMAIL, PASSWORD


@pytest.fixture(autouse=True)
def cheap_hashing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def mail_stays_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Collect the tasks that were enqueued, as (name, argument), without sending them."""
    sent: list[tuple[Any, ...]] = []

    def note(task: Any, *args: Any, queue: str, expires_seconds: int) -> None:
        sent.append((task.name, *args, queue, expires_seconds))

    for rules in ("identity.passwords", "identity.step_up", "identity.verification", "staff.invitations"):
        monkeypatch.setattr(f"accounts.{rules}.enqueue_on_commit", note)
    return sent


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user(EMAIL, PASSWORD)


@pytest.fixture
def session(owner: User) -> Session:
    return start_session(user=owner)


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def client_of() -> Callable[[Session], APIClient]:
    def client_of(session: Session) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(session).access_token}")
        return client

    return client_of


@pytest.fixture
def client(session: Session, client_of: Callable[[Session], APIClient]) -> APIClient:
    """A phone on which the owner is signed in."""
    return client_of(session)
