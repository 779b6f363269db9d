"""An owner with a proven address, a renderer that takes no time, and engines that do as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from accounts.models import User
from dossiers.document.content import DossierContent
from dossiers.lifecycle import rendering
from dossiers.statement import registry
from dossiers.statement.ports import Change, Refined, Speech
from testing.factories import UserFactory
from testing.phone import Phone


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


@dataclass
class Renderer:
    """Stands in for the typesetter: remembers what it was asked for, and fails as a test says."""

    contents: list[DossierContent] = field(default_factory=list)
    failure: Exception | None = None
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, content: DossierContent) -> bytes:
        self.contents.append(content)
        self.meanwhile()
        if self.failure is not None:
            raise self.failure
        return b"%PDF-1.7 " + content.verification_url.encode()


@pytest.fixture
def renderer(monkeypatch) -> Renderer:
    found = Renderer()
    monkeypatch.setattr(rendering, "render_pdf", found)
    return found


@dataclass
class Engine:
    """Stands in for a transcriber and a refiner."""

    name: str = "standin 1"
    languages: frozenset[str] = frozenset({"en"})
    leaves_server: bool = False
    text: str = "Rust below the waterline."
    failure: Exception | None = None
    seen: list[object] = field(default_factory=list)

    def transcribe(self, speech: Speech, language: str) -> str:
        return self._answer(speech)

    def refine(self, text: str, language: str) -> Refined:
        return Refined(self._answer(text), (Change(text, self.text),), self.name)

    def _answer(self, given: object) -> str:
        self.seen.append(given)
        if self.failure is not None:
            raise self.failure
        return self.text


@pytest.fixture
def engines(monkeypatch) -> dict[bool, Engine]:
    """The engines by whether they may send what they get to another service."""
    found = {False: Engine(), True: Engine(name="endpoint 1", leaves_server=True)}

    def choose(*, may_leave_server: bool) -> Engine:
        return found[may_leave_server]

    monkeypatch.setattr(registry, "transcriber", choose)
    monkeypatch.setattr(registry, "refiner", choose)
    return found
