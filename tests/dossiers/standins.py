"""Fakes of the engines of a statement and of the typesetter."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dossiers.document.content import DossierContent
from dossiers.statement.ports import Change, Refined, Speech


@dataclass
class Renderer:
    """Fakes the typesetter: remembers what it was asked for, and fails as a test says."""

    contents: list[DossierContent] = field(default_factory=list)
    failure: Exception | None = None
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, content: DossierContent) -> bytes:
        self.contents.append(content)
        self.meanwhile()
        if self.failure is not None:
            raise self.failure
        return b"%PDF-1.7 " + content.verification_url.encode()


@dataclass
class Engine:
    """Fakes a transcriber and a refiner."""

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
