"""What a sentence says, as tokens: facts, and the other words that matter, in order and without their forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.lexicon.base import Lexicon

# Numbers with their marks, words, and the signs that are spoken.
_WORD: Final = re.compile(r"(?:(?<!\w)[-−])?\d+(?:[.,:/]\d+)*|[^\W\d_]+|[%°½¼¾<>±=~≈@€$£]")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_CONTRACTIONS: Final = (
    (re.compile(r"\bcan['’]t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
    (re.compile(r"['’]re\b", re.IGNORECASE), " are"),
    (re.compile(r"['’]ve\b", re.IGNORECASE), " have"),
    (re.compile(r"['’]ll\b", re.IGNORECASE), " will"),
    (re.compile(r"\b(I)['’]m\b", re.IGNORECASE), r"\1 am"),
    (re.compile(r"\b(there|that|it|here|he|she)['’]s\b", re.IGNORECASE), r"\1 is"),
)
_LONGEST_PHRASE: Final = 4
_LONGEST_REPEAT: Final = 4
_FIRST_PERSON: Final = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself", "ich", "mich", "mir", "mein", "meinen", "meinem"), "i"),
    **dict.fromkeys(("we", "us", "our", "ours", "wir", "uns", "unser", "unsere", "unseren"), "we"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A fact of a kind, or a word (`kind` None). `is_name` if it was capitalised inside the sentence.

    A name at the start of a sentence looks like any other word there, so equality ignores `is_name`.
    """

    kind: KeptReason | None
    means: str
    is_name: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """The tokens of a sentence in order, repetitions removed, the tenses of its auxiliaries, and whether it asks."""

    tokens: tuple[Token, ...]
    tenses: frozenset[str]
    is_question: bool


def said(sentence: str, lexicon: Lexicon) -> Said:
    raw = _raw_words(sentence, lexicon)
    tenses = frozenset(lexicon.tenses[word] for word, _ in raw if word in lexicon.tenses)
    return Said(tuple(_without_repeats(list(_tokens(raw, lexicon)))), tenses, "?" in sentence)


def _raw_words(sentence: str, lexicon: Lexicon) -> list[tuple[str, bool]]:
    """Return each word case-folded, phrases as one word, and whether it was capitalised behind another word."""
    for pattern, instead in _CONTRACTIONS if lexicon.language == "en" else ():
        sentence = pattern.sub(instead, sentence)
    found = _WORD.findall(_ORDINAL.sub(" .", sentence))
    plain = [(word.casefold(), at > 0 and word[:1].isupper()) for at, word in enumerate(found)]
    joined: list[tuple[str, bool]] = []
    at = 0
    while at < len(plain):
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = " ".join(word for word, _ in plain[at : at + length])
            if length == 1 or (phrase in lexicon.phrases and at + length <= len(plain)):
                is_month = phrase == "may" and found[at] == "may"  # the verb, and not the month
                joined.append(("maybe" if is_month else lexicon.phrases.get(phrase, phrase), plain[at][1]))
                at += length
                break
    return joined


def _tokens(raw: list[tuple[str, bool]], lexicon: Lexicon) -> Iterator[Token]:
    words = [word for word, _ in raw]
    at, counts = 0, False
    while at < len(words):
        number, taken = lexicon.number_of(words[at:])
        if taken or words[at][0].isdigit() or words[at] in "½¼¾":
            yield Token(KeptReason.NUMBER, number or words[at].replace(",", "."))
            at, counts = at + max(taken, 1), number != "1"
            continue
        token = _token(words[at], lexicon, counts=counts, is_capital=raw[at][1])
        if token is not None:
            yield token
            counts = (counts and token.kind is not None) or token.kind is KeptReason.NUMBER
        at += 1


def _token(word: str, lexicon: Lexicon, *, counts: bool, is_capital: bool) -> Token | None:
    if word in lexicon.tenses or word in lexicon.fillers or word in lexicon.harmless:
        return None
    if word in _FIRST_PERSON:
        return Token(None, _FIRST_PERSON[word])
    if word in lexicon.facts:
        return Token(*lexicon.facts[word])
    # Behind a number the plural is grammar; elsewhere it is another fact.
    if word in lexicon.plurals:
        one = lexicon.plurals[word]
        return Token(None, lexicon.stem(lexicon.synonyms.get(one, one)) + ("" if counts else " plural"))
    if word in lexicon.past:
        return Token(None, lexicon.stem(lexicon.past[word]) + " past")
    means = lexicon.stem(lexicon.synonyms.get(word, word)) + (" past" if lexicon.is_past(word) else "")
    is_name = is_capital and lexicon.language == "en"  # every noun of German has a capital
    return Token(None, means, is_name)


def _without_repeats(tokens: list[Token]) -> list[Token]:
    """Remove what a speaker says twice in a row, up to a few words. Numbers stay: two, two may be twenty-two."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        for length in range(1, _LONGEST_REPEAT + 1):
            tail, before = kept[-length:], kept[-2 * length : -length]
            is_repeat = len(before) == length and tail == before
            if is_repeat and any(one.kind is not KeptReason.NUMBER for one in tail):
                del kept[-length:]
                break
    return kept
