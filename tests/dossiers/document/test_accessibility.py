"""Test that a document can be read without seeing it, and on every machine: tags, language, alt texts, fonts."""

from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from tests.dossiers.document.reading import elements, fonts_of, pdf_of


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_document_is_tagged_and_names_its_language_and_title(language):
    root = PdfReader(BytesIO(pdf_of("corrosion", language))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
    assert str(root["/Lang"]).lower().startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_document_declares_both_standards():
    metadata = PdfReader(BytesIO(pdf_of())).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in metadata
    assert "<pdfaid:part>2<" in metadata
    assert "<pdfaid:conformance>A<" in metadata
    assert "Tern" in metadata


def test_every_picture_has_a_text_that_stands_for_it():
    figures = [element for element in elements(pdf_of(visits=2)) if element["/S"] == "/Figure"]
    texts = [str(figure.get("/Alt", "")) for figure in figures]
    assert len(figures) >= 24
    assert all(texts)
    assert any(text.startswith("Wide photo of Point 1 (Bow, port side), taken ") for text in texts)
    assert any("Hatched in blue" in text for text in texts)
    assert any("Coverage bands from 2025-04-12" in text for text in texts)
    assert any(text.startswith("QR code of the address https://") for text in texts)


def test_headings_and_tables_are_tagged_as_such():
    kinds = [str(element["/S"]) for element in elements(pdf_of())]
    assert kinds.count("/H1") >= 8
    assert kinds.count("/H2") >= 4
    assert kinds.count("/Table") >= 6
    assert kinds.count("/TH") >= 12
    assert "/L" in kinds
    assert "/TOC" in kinds


def test_no_heading_skips_a_level():
    levels = [int(str(element["/S"])[2]) for element in elements(pdf_of(visits=2)) if str(element["/S"])[1:2] == "H"]
    for before, after in pairwise(levels):
        assert after <= before + 1


def test_every_font_is_inside_the_file_and_is_one_that_the_document_names():
    fonts = fonts_of(pdf_of(visits=2))
    assert fonts
    for name, descriptor in fonts.items():
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), name
        assert "NotoSans" in name or "DejaVuSansMono" in name, name


def test_a_reader_can_jump_to_each_point():
    outline = PdfReader(BytesIO(pdf_of())).outline
    titles = [entry.title for level in outline for entry in (level if isinstance(level, list) else [level])]
    assert "Point 2: Waterline amidships" in titles


def test_nothing_in_the_file_runs_or_reaches_out():
    pdf = pdf_of()
    for forbidden in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/SubmitForm"):
        assert forbidden not in pdf
    links = [
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(BytesIO(pdf)).pages
        for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    ]
    assert links
    assert all(link.startswith("https://maretech.example.org/v1/verify/") for link in links)
