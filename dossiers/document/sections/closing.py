"""The last pages: models and the texts shown, the disclaimer, and how to verify the document."""

from collections.abc import Iterator
from typing import Final

from dossiers.document.blocks import Block, Cell, Heading, Paragraph, Quote, Table, Verification
from dossiers.document.content import Language
from dossiers.document.edition import Edition
from dossiers.document.plain_text import breakable, paragraphs
from dossiers.document.sections.cover import QR_FILE

# Raise it when the layout or a sentence changes: equal content then makes other bytes.
FORMAT_VERSION: Final = 1


def models(edition: Edition) -> Iterator[Block]:
    words = edition.words.closing
    yield Heading(text=words.models_title, mark="reading")
    yield Paragraph(text=words.models_intro, style="intro")
    yield Table(
        header=(words.visit, words.model, words.policy),
        rows=tuple(
            (
                Cell(text=edition.day(visit.submitted_at), strong=True),
                Cell(text=breakable(visit.model_version)),
                Cell(text=str(visit.policy_version)),
            )
            for visit in edition.visits
        ),
        widths=("auto", "1fr", "auto"),
    )
    for visit in edition.visits:
        yield Heading(
            text=words.shown_text.format(date=edition.day(visit.submitted_at)), level=2, mark="reading", listed=False
        )
        texts = (visit.explanation, visit.disclaimer)
        yield Quote(
            paragraphs=tuple(Paragraph(text=part) for text in texts for part in paragraphs(text)),
            mark="reading",
            language=Language.EN,
        )


def disclaimer(edition: Edition) -> Iterator[Block]:
    words, given = edition.words.closing, edition.content.disclaimer
    told = words.disclaimer_version.format(version=given.version)
    if given.accepted_at is not None:
        told = words.accepted.format(version=given.version, date=edition.day(given.accepted_at))
    if given.language != edition.content.language:
        told = f"{told} {words.in_language}"
    yield Heading(text=words.disclaimer_title)
    yield Paragraph(text=told, style="intro")
    yield Quote(
        paragraphs=tuple(Paragraph(text=text) for text in paragraphs(given.text)),
        mark="recorded",
        language=given.language,
    )


def verification(edition: Edition) -> Iterator[Block]:
    words, content = edition.words.closing, edition.content
    yield Heading(text=words.verify_title)
    yield Verification(
        file=QR_FILE,
        alt=words.qr_alt.format(url=content.verification_url),
        url=content.verification_url,
        lines=(
            words.verify,
            words.verify_hash,
            f"{edition.words.cover.dossier} {content.dossier_id} · {words.format.format(version=FORMAT_VERSION)}",
        ),
    )
