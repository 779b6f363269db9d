"""The owner's statement, word for word and marked as the owner's words."""

from collections.abc import Iterator

from dossiers.document.blocks import Block, Heading, Paragraph, Quote
from dossiers.document.content import Statement, StatementOrigin
from dossiers.document.edition import Edition
from dossiers.document.plain_text import is_right_to_left, one_line, paragraphs


def statement(edition: Edition) -> Iterator[Block]:
    words, given = edition.words.statement, edition.content.statement
    yield Heading(text=words.title, mark="owner")
    if given is None or not given.text.strip():
        yield Paragraph(text=words.none)
        return
    yield Paragraph(text=f"{words.intro} {_origin(edition, given)}", style="small")
    yield Quote(
        paragraphs=tuple(Paragraph(text=text, rtl=is_right_to_left(text)) for text in paragraphs(given.text)),
        mark="owner",
    )


def _origin(edition: Edition, given: Statement) -> str:
    origins = edition.words.statement.origins
    names = {"transcriber": one_line(given.transcriber), "refiner": one_line(given.refiner)}
    told = [given.origin]
    if given.origin == StatementOrigin.REFINED and given.transcriber:
        told.insert(0, StatementOrigin.TRANSCRIBED)
    return " ".join(origins[origin].format(**names) for origin in told)
