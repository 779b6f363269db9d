"""The refiner that needs no network: it removes fillers and repetitions, and corrects spelling and punctuation."""

from typing import Final

from dossiers.statement.ports import Refined
from dossiers.statement.refinement.corrections import CORRECTIONS
from dossiers.statement.refinement.proposal import propose

_VERSION: Final = "rules-1"


class Rules:
    """Corrects how a sentence is said, sentence by sentence; what it says passes the check."""

    name = _VERSION
    languages = frozenset(CORRECTIONS)
    leaves_server = False

    def refine(self, text: str, language: str) -> Refined:
        """Return the proposal. Of a language without rules the text stays unchanged."""
        if language not in self.languages:
            return Refined(text, (), self.name)
        return propose(text, lambda sentences: [_corrected(sentence, language) for sentence in sentences], language,
                       engine=self.name)  # fmt: skip


def _corrected(sentence: str, language: str) -> str:
    for pattern, instead in CORRECTIONS[language]:
        sentence = pattern.sub(instead, sentence)
    return sentence
