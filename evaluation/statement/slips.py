"""What a careless language model does to a sentence: one slip each, made by rules that do not know the check."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final


def _exchanges(text: str) -> dict[str, str]:
    """Return each word with the one that takes its place."""
    return dict(pair.strip().split(">") for pair in text.split(",") if pair.strip())


_EXCHANGED: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _exchanges(
        """
        port>starboard, starboard>port, left>right, above>below, below>above, behind>next to, keel>rudder,
        rudder>keel, bow>stern, stern>bow, red>brown, brown>red, yellow>grey, smaller>larger, larger>smaller,
        april>May, june>July, july>June, may>June, saturday>Friday, last>next, two>three, four>five,
        ten>twelve, mm>cm, cm>mm, wet>dry, dry>wet, was>is, rust>corrosion, blisters>osmosis,
        maybe>certainly, or>and
        """
    ),
    "de": _exchanges(
        """
        backbord>Steuerbord, steuerbord>Backbord, links>rechts, unter>über, hinter>vor, kiel>Ruder,
        ruder>Kiel, bug>Heck, rote>braune, braune>rote, gelb>grau, april>Mai, mai>Juni, juni>Juli, juli>Juni,
        samstag>Freitag, letztes>nächstes, zwei>drei, vier>fünf, zehn>zwölf, mm>cm, cm>mm, nass>trocken,
        trocken>nass, war>ist, rost>Korrosion, blasen>Osmose, vielleicht>sicher, oder>und, kleiner>größer,
        größer>kleiner
        """
    ),
}
_DROPPED: Final = {
    "en": r"\b(?:no|not|never|none|nothing|about|maybe|might|I think|I believe)\b ?|n['’]t\b|\b\d+(?:\.\d+)?\b ?",
    "de": r"\b(?:kein\w*|nicht|nie|nichts|etwa|ca\.|vielleicht|glaube ich|ich glaube)\b ?|\b\d+(?:,\d+)?\b ?",
}
_ADDED: Final = {
    "en": (", a sign of osmosis", " at the bow", " of 3 cm", " since June", " and it is dangerous", ", not rust"),
    "de": (", ein Zeichen von Osmose", " am Bug", " von 3 cm", " seit Juni", " und das ist gefährlich", ", kein Rost"),
}


def slips(sentence: str, language: str) -> Iterator[tuple[str, str]]:
    """Return the name of each slip, and the sentence with it: a word exchanged, dropped, or a clause added."""
    for word, instead in _EXCHANGED[language].items():
        yield from _once(f"{word} → {instead}", rf"\b{word}\b", partial(_replacement, instead), sentence)
    yield from _once("dropped", _DROPPED[language], lambda _: "", sentence)
    yield from _once("number + 1", r"\b\d+\b", lambda found: str(int(found.group()) + 1), sentence)
    yield from _once("name", r"(?<=\w )[A-Z]\w+ [A-Z]\w+", lambda _: "Hans Meyer", sentence)
    for clause in _ADDED[language]:
        if clause.strip(", ") not in sentence:  # else the model only repeats what was said
            yield f"added{clause}", sentence.rstrip(" .") + clause + "."


def _replacement(text: str, _: re.Match[str]) -> str:
    return text


def _once(name: str, pattern: str, change: Callable[[re.Match[str]], str], sentence: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(pattern, sentence, re.IGNORECASE):
        yield name, sentence[: found.start()] + change(found) + sentence[found.end() :]
