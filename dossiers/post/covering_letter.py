"""The file that is posted: a covering letter in our own words, and the dossier behind it, on the printer's paper.

Nothing in the covering letter was written by the owner, so it says the same to everyone.
"""

import json
import re
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from dossiers.document.content import Language
from dossiers.document.fonts import TEXT_FAMILIES
from dossiers.document.typesetter import typeset_in_process

_TEMPLATE: Final = "letter.typ"
# The next rendering of a dossier deletes the folders of those that were killed, by the beginning of their name.
_FOLDERS: Final = "maretech-dossier-letter-"
# The page tree of a PDF as our typesetter writes it.
_PAGES: Final = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_TITLES: Final = {
    Language.EN: "A dossier about the hull of a boat",
    Language.DE: "Ein Dossier über den Rumpf eines Bootes",
}
_ENGLISH: Final = """\
The owner of a boat asked us to post you the enclosed dossier. It shows photographs of the hull, taken by the owner, and
what can be seen in them. It contains no diagnosis: that is left to you.

The code on its first page opens a page that says whether the document is genuine and still valid. We cannot forward
answers: please reply to the owner.
"""
_GERMAN: Final = """\
Eine Bootseignerin oder ein Bootseigner hat uns gebeten, Ihnen das beiliegende Dossier zu schicken. Es zeigt Fotografien
des Rumpfes, die dort selbst aufgenommen wurden, und was darauf zu sehen ist. Es enthält keine Diagnose: Die bleibt
Ihnen überlassen.

Der Code auf der ersten Seite öffnet eine Seite, die sagt, ob das Dokument echt ist und noch gilt. Antworten können wir
nicht weiterleiten: Bitte wenden Sie sich an die Eignerin oder den Eigner.
"""
_TEXTS: Final = {Language.EN: _ENGLISH, Language.DE: _GERMAN}


class TooManyPages(Exception):
    """The service does not print a letter of this length."""


class UnknownPages(Exception):
    """The PDF does not say how many pages it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveringLetter:
    """The language of the covering letter, and its date in seconds, which is in the file: same letter, same bytes."""

    language: str
    dated_at: int


def printed_pages(dossier: bytes) -> int:
    """Return the number of pages of the letter with this dossier. Raises `UnknownPages`."""
    counts = [int(count) for count in _PAGES.findall(dossier)]
    if not counts:
        raise UnknownPages
    return max(counts) + 1


def letter_pdf(covering: CoveringLetter, dossier: bytes, *, most_pages: int) -> bytes:
    """Return the PDF to print. Raises `TooManyPages`, `UnknownPages`, or `RenderingFailed`."""
    pages = printed_pages(dossier)
    if pages > most_pages:
        raise TooManyPages
    language = Language(covering.language)
    data = {
        "title": _TITLES[language],
        "paragraphs": [" ".join(paragraph.split()) for paragraph in _TEXTS[language].split("\n\n")],
        "language": covering.language,
        "pages": pages - 1,
        "fonts": list(TEXT_FAMILIES),
    }
    with tempfile.TemporaryDirectory(prefix=_FOLDERS) as name:
        folder = Path(name)
        template = files("dossiers.post").joinpath("templates", _TEMPLATE).read_bytes()
        (folder / _TEMPLATE).write_bytes(template)
        (folder / "dossier.pdf").write_bytes(dossier)
        (folder / "letter.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return typeset_in_process(folder, timestamp=covering.dated_at, main=_TEMPLATE, for_paper=True)
