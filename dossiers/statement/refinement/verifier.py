"""The check between a sentence and its new wording: what it says must stay, word by word and in its order.

It trusts no engine. Grammar, spelling, punctuation, fillers, repetitions and words without a meaning of their own may
change; numbers, measures, dates, names, places, sides, colours, sizes, negations, doubts, diagnoses and every other
word of weight may be neither added nor lost. It refuses many good wordings, and the owner's sentence then stays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.lexicon.base import Lexicon
from dossiers.statement.refinement.lexicon.de import GERMAN
from dossiers.statement.refinement.lexicon.en import ENGLISH
from dossiers.statement.refinement.tokens import Token, said

LEXICONS: Final[Mapping[str, Lexicon]] = {"en": ENGLISH, "de": GERMAN}
# A sentence with one of these keeps its order: what is denied or doubted depends on it.
_BINDS: Final = (KeptReason.NEGATION, KeptReason.DOUBT)
# A sentence with two of a kind, apart from one another, keeps its order: what is at which place depends on it.
_EXCHANGEABLE: Final = (
    (KeptReason.PLACE, KeptReason.SIDE),
    (KeptReason.NUMBER, KeptReason.COLOUR, KeptReason.SIZE),
    (KeptReason.DATE,),
    (KeptReason.DIAGNOSIS,),
)


def faults(sentence: str, proposed: str, language: str) -> tuple[KeptReason, ...]:
    """Return what the new wording adds, loses or moves; empty if it says the same. Raises `KeyError` for a language."""
    lexicon = LEXICONS[language]
    before, after = said(sentence, lexicon), said(proposed, lexicon)
    found = _differences(before.tokens, after.tokens)
    if not found and not _is_in_order(before.tokens, after.tokens):
        found.add(KeptReason.ORDER)
    if before.tenses and before.tenses != after.tenses:
        found.add(KeptReason.DATE)
    if before.is_question != after.is_question:
        found.add(KeptReason.DOUBT)
    return tuple(sorted(found))


def _differences(before: Sequence[Token], after: Sequence[Token]) -> set[KeptReason]:
    lost, added = Counter(before) - Counter(after), Counter(after) - Counter(before)
    return {_reason(token, KeptReason.LOST_WORDS) for token in lost} | {
        _reason(token, KeptReason.NEW_WORDS) for token in added
    }


def _reason(token: Token, otherwise: KeptReason) -> KeptReason:
    return token.kind or (KeptReason.NAME if token.is_name else otherwise)


def _is_in_order(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return whether the order is the same, or a plain sentence begins with what was its end."""
    if before == after:
        return True
    kinds = [kind for kind, _ in groupby(token.kind for token in before)]
    if any(kind in _BINDS for kind in kinds) or any(sum(map(alike.__contains__, kinds)) > 1 for alike in _EXCHANGEABLE):
        return False
    return any((*before[at:], *before[:at]) == tuple(after) for at in range(1, len(before)))
