"""A proposal from new wordings: sentence by sentence, the owner's own wherever the new one fails the check."""

from collections.abc import Callable, Sequence

from dossiers.statement.ports import Change, Kept, Refined
from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.sentences import pieces_of
from dossiers.statement.refinement.verifier import LEXICONS, faults


def propose(text: str, reworded: Callable[[Sequence[str]], Sequence[str]], language: str, *, engine: str) -> Refined:
    """Return the text with the wordings that pass the check. The gaps between the sentences stay.

    `reworded` gets all sentences in order and returns one for each. If it returns fewer or more, no sentence changes:
    the sentences could not be paired.
    """
    pieces = pieces_of(text)
    proposed = list(reworded([piece.sentence for piece in pieces]))
    if len(proposed) != len(pieces):
        lost = (Kept(text, "\n".join(proposed), (KeptReason.OTHER_SENTENCES,)),)
        return Refined(text, (), engine, lost)
    result, changes, kept = [], [], []
    for piece, new in zip(pieces, proposed, strict=True):
        reasons = _reasons(piece.sentence, new.strip(), language)
        if reasons:
            kept.append(Kept(piece.sentence, new, reasons))
        elif new.strip() != piece.sentence:
            changes.append(Change(piece.sentence, new.strip()))
        result.append((piece.sentence if reasons else new.strip()) + piece.gap)
    return Refined("".join(result) if changes else text, tuple(changes), engine, tuple(kept))


def _reasons(sentence: str, new: str, language: str) -> tuple[KeptReason, ...]:
    if new == sentence:
        return ()
    if not new or "\n" in new:
        return (KeptReason.OTHER_SENTENCES,)
    return faults(sentence, new, language) if language in LEXICONS else (KeptReason.NEW_WORDS,)
