"""Measure a refiner on the written statements, and the check on labelled and on careless wordings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dossiers.statement.ports import Refined, Refiner
from dossiers.statement.refinement.sentences import pieces_of
from dossiers.statement.refinement.verifier import faults
from evaluation.metrics.resampling import Metric, resample
from evaluation.statement.corpus import Pair, Written
from evaluation.statement.slips import slips

MEANINGS: Final = {
    "facts_kept": "facts, written down by a person, that stand in the proposed wording",
    "nothing_added": "statements whose proposed wording has no number, and no word of weight, that they lacked",
    "statements_changed": "statements for which a wording is proposed",
    "sentences_kept_by_check": "sentences whose new wording failed the check, so that the owner's stays",
    "wrong_wordings_accepted": "labelled wordings that do not say the same, and pass the check",
    "right_wordings_refused": "labelled wordings that say the same, and fail the check",
    "careless_slips_accepted": "statements' sentences with one slip of a careless model that pass the check",
}
_WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?")
# Words of grammar, which a contraction or a correction brings.
_GRAMMAR: Final = frozenset(
    {
        *("do", "does", "did", "not", "is", "are", "am", "was", "were", "there", "i", "because"),
        *("habe", "eine", "einen", "nicht", "nichts", "gibt", "es"),
    }
)

Metrics = dict[str, Metric | None]


@dataclass(frozen=True, slots=True)
class Result:
    """A statement and the wording that a refiner proposes for it."""

    written: Written
    refined: Refined

    @property
    def missing(self) -> list[str]:
        wording = _plain(self.refined.text)
        return [fact for fact in self.written.facts if _plain(fact) not in wording]

    @property
    def added(self) -> list[str]:
        """Return the words of the wording that neither the statement nor its facts have, but for words of grammar."""
        known = _words(self.written.text) | _words(" ".join(self.written.facts)) | _GRAMMAR
        return sorted(_words(self.refined.text) - known)


def refine_all(statements: Sequence[Written], refiner: Refiner) -> list[Result]:
    return [Result(written, refiner.refine(written.text, written.language)) for written in statements]


def compute_metrics(results: Sequence[Result], pairs: Sequence[Pair]) -> Metrics:
    """Return every metric with its 95 % interval, over statements and over sentences of labelled pairs."""
    sample = resample(results, [result.written.name for result in results])
    facts = [(result, fact) for result in results for fact in result.written.facts]
    sentences = [(result, piece) for result in results for piece in pieces_of(result.written.text)]
    labelled = resample(pairs, [pair.sentence for pair in pairs])
    careless = [
        (result.written.name, faults(piece.sentence, wrong, result.written.language))
        for result, piece in sentences
        for _, wrong in slips(piece.sentence, result.written.language)
    ]
    return {
        "facts_kept": resample(facts, [result.written.name for result, _ in facts]).proportion(
            lambda item: item[1] not in item[0].missing
        ),
        "nothing_added": sample.proportion(lambda result: not result.added),
        "statements_changed": sample.proportion(lambda result: bool(result.refined.changes)),
        "sentences_kept_by_check": resample(sentences, [result.written.name for result, _ in sentences]).proportion(
            lambda item: any(kept.sentence == item[1].sentence for kept in item[0].refined.kept)
        ),
        "wrong_wordings_accepted": labelled.where(lambda pair: not pair.is_same).proportion(_passes),
        "right_wordings_refused": labelled.where(lambda pair: pair.is_same).proportion(lambda pair: not _passes(pair)),
        "careless_slips_accepted": resample(careless, [name for name, _ in careless]).proportion(
            lambda item: not item[1]
        ),
    }


def _passes(pair: Pair) -> bool:
    return not faults(pair.sentence, pair.proposed, pair.language)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ß", "ss").split())


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_plain(text)))
