"""An owner with a proven address, a renderer that takes no time, and engines that do as a test says."""

import pytest
from django.utils import timezone

from accounts.models import User
from dossiers.lifecycle import rendering
from dossiers.statement import registry
from testing.factories import UserFactory
from testing.phone import Phone
from tests.dossiers.standins import Engine, Renderer


@pytest.fixture
def owner(db) -> User:
    return UserFactory.create(email_verified_at=timezone.now())


@pytest.fixture
def unproven(db) -> Phone:
    """The phone of an owner who has not proven the address."""
    return Phone.of(UserFactory.create(email_verified_at=None))


@pytest.fixture
def strangers_phone(db) -> Phone:
    return Phone.of(UserFactory.create(email_verified_at=timezone.now()))


@pytest.fixture
def renderer(monkeypatch) -> Renderer:
    found = Renderer()
    monkeypatch.setattr(rendering, "render_pdf", found)
    return found


@pytest.fixture
def engines(monkeypatch) -> dict[bool, Engine]:
    """The engines by whether they may send what they get to another service."""
    found = {False: Engine(), True: Engine(name="endpoint 1", leaves_server=True)}

    def choose(*, may_leave_server: bool) -> Engine:
        return found[may_leave_server]

    monkeypatch.setattr(registry, "transcriber", choose)
    monkeypatch.setattr(registry, "refiner", choose)
    return found
