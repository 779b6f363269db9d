"""Reads a document back: text, tags, fonts and sizes."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from dossiers.document.content import DossierContent, Language, Paper
from dossiers.document.render import render_pdf
from inspections.vocabulary import Mode
from testing.samples.sample_dossiers import sample_dossier

BREAK = "\u200b"


@cache
def pdf_of(mode: str = "corrosion", language: str = "en", *, paper: str = "a4", visits: int = 1) -> bytes:
    return render_pdf(sample_dossier(mode=Mode(mode), language=Language(language), paper=Paper(paper), visits=visits))


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, a line per line."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


def text_of(content: DossierContent | bytes) -> str:
    """Return the whole text on one line, without the invisible places for line breaks."""
    pdf = content if isinstance(content, bytes) else render_pdf(content)
    return re.sub(r"\s+", " ", " ".join(pages_of(pdf)).replace(BREAK, ""))


def pictures_of_pages(pdf: bytes, *, dots_per_inch: int = 40) -> Iterator[NDArray[np.uint8]]:
    """Yield each page as grey pixels."""
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=dots_per_inch / 72, grayscale=True).to_numpy().squeeze()


def place_of(pdf: bytes, letters: str) -> tuple[float, float]:
    """Return where the letters are on their page, as the share of its width: their left and right end."""
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        start = text.get_text_range().find(letters)
        if start >= 0:
            boxes = [text.get_charbox(start + place) for place in range(len(letters))]
            return min(box[0] for box in boxes) / page.get_width(), max(box[2] for box in boxes) / page.get_width()
    raise AssertionError(letters)


def elements(pdf: bytes) -> Iterator[DictionaryObject]:
    """Yield every structure element of the tag tree."""
    yield from _below(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])


def _below(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for kid in node:
            yield from _below(kid)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _below(node["/K"])


def fonts_of(pdf: bytes) -> dict[str, DictionaryObject]:
    """Return the descriptor of each font by its name."""
    found = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            found[str(descendant["/BaseFont"])] = descendant["/FontDescriptor"].get_object()
    return found
