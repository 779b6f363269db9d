"""Test the file that is posted: our words first, every page of the dossier, on the paper that Lob demands."""

import re

import pypdfium2
import pytest

from dossiers.post.covering_letter import CoveringLetter, TooManyPages, UnknownPages, letter_pdf, printed_pages
from testing.letters import pdf_of

COVERING = CoveringLetter(language="en", dated_at=1_790_000_000)


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_a_letter_has_our_words_first_and_then_every_page():
    found = texts(letter_pdf(COVERING, pdf_of(3), most_pages=12))
    assert "The owner of a boat asked us" in found[0].replace("\r\n", " ")
    assert [text.strip() for text in found[1:]] == ["Page 1", "Page 2", "Page 3"]


def test_every_page_has_the_size_that_the_printer_demands():
    papers = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", letter_pdf(COVERING, pdf_of(2), most_pages=12)))
    assert papers == {b"0 0 612 792"}


def test_the_place_of_the_address_stays_empty():
    document = pypdfium2.PdfDocument(letter_pdf(COVERING, pdf_of(1), most_pages=12))
    try:
        picture = document[0].render().to_numpy()
    finally:
        document.close()
    inch = picture.shape[0] / 11
    assert picture[: int(4.2 * inch)].min() == 255


def test_it_speaks_the_language_of_the_dossier():
    german = CoveringLetter(language="de", dated_at=COVERING.dated_at)
    assert "Bootseignerin" in texts(letter_pdf(german, pdf_of(1), most_pages=12))[0]


def test_the_same_letter_is_the_same_file():
    assert letter_pdf(COVERING, pdf_of(2), most_pages=12) == letter_pdf(COVERING, pdf_of(2), most_pages=12)


@pytest.mark.parametrize("pages", [1, 40])
def test_the_covering_letter_is_counted(pages):
    assert printed_pages(pdf_of(pages)) == pages + 1


def test_a_letter_that_the_service_does_not_print_is_refused():
    with pytest.raises(TooManyPages):
        letter_pdf(COVERING, pdf_of(12), most_pages=12)


def test_a_file_without_pages_is_refused():
    with pytest.raises(UnknownPages):
        printed_pages(b"%PDF-1.7 a dossier")
