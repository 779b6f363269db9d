"""Worker side: render a dossier once, and make it final."""

import hashlib
from dataclasses import replace
from uuid import uuid4

import structlog
from django.db import transaction

from billing.entitlements import entitlements
from dossiers.content.gathering import facts_of, illustrated, photo_hashes
from dossiers.document.content import DossierContent
from dossiers.document.errors import ContentError, UndrawableText
from dossiers.document.render import render_pdf
from dossiers.lifecycle import transitions
from dossiers.lifecycle.notices import notify_of_document
from dossiers.lifecycle.transitions import Document
from dossiers.models import Dossier, Refinement
from dossiers.recordings.discarding import discard_recordings
from dossiers.turns import claim_next
from dossiers.verification.answers import verification_url
from dossiers.verification.tokens import Claims, digest_of, sign
from dossiers.vocabulary import RenderingFailure
from maretech.common.storage import object_store
from maretech.common.work.outages import postpone_in_an_outage

log = structlog.get_logger(__name__)


def render_next() -> bool:
    """Render the next dossier in turn. Returns whether there was one. Safe to be killed at any line."""
    dossier = claim_next(Dossier, give_up=_give_up)
    if dossier is None:
        return False
    with postpone_in_an_outage(lambda _: dossier.postpone(), dossier=str(dossier.pk)):
        try:
            _render(dossier)
        except UndrawableText as refusal:
            log.warning("dossier with characters that no font draws", dossier=str(dossier.pk), where=refusal.where)
            transitions.return_to_draft(dossier, RenderingFailure.CHARACTERS_UNSUPPORTED)
        except ContentError:
            log.exception("dossier not printable", dossier=str(dossier.pk))
            transitions.return_to_draft(dossier, RenderingFailure.PHOTOS_UNREADABLE)
    return True


def _render(dossier: Dossier) -> None:
    if dossier.vessel is None or dossier.dated_at is None:  # its inspections were deleted a moment before
        transitions.return_to_draft(dossier, RenderingFailure.INSPECTION_DELETED)
        return
    facts, keys = facts_of(dossier)
    token = _token(facts)
    facts = replace(facts, verification_url=verification_url(token))
    pdf = render_pdf(illustrated(facts, keys))
    dossier.extend()
    # Each attempt writes under a name of its own: none claims the leftovers of another.
    uri = f"{dossier.key_prefix}pdf/{uuid4().hex}.pdf"
    object_store().write(uri, pdf, content_type="application/pdf")
    document = Document(
        token=token,
        vessel_name=facts.vessel.name,
        disclaimer_version=facts.disclaimer.version,
        model_versions=sorted({visit.model_version for visit in facts.visits}),
        photos=photo_hashes(facts.visits),
        pdf_uri=uri,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        pdf_bytes=len(pdf),
    )
    if not _finish(dossier, document):
        object_store().delete([uri])


def _token(facts: DossierContent) -> str:
    hashes = [str(photo["sha256"]) for photo in photo_hashes(facts.visits)]
    digest = digest_of(vessel_name=facts.vessel.name, photo_hashes=hashes)
    return sign(Claims(dossier_id=facts.dossier_id, dated_at=facts.created_at, digest=digest))


@transaction.atomic
def _finish(dossier: Dossier, document: Document) -> bool:
    """Make it final, unless the draft was withdrawn meanwhile; then its statement needs no draft any more."""
    entitlements.lock(dossier.owner_id)
    if not transitions.finish(dossier, document):
        return False
    discard_recordings(dossier, with_transcripts=True)
    Refinement.objects.filter(dossier=dossier).delete()
    notify_of_document(dossier)
    log.info("dossier final", dossier=str(dossier.pk), byte_size=document.pdf_bytes)
    return True


def _give_up(dossier: Dossier) -> None:
    log.error("dossier given up", dossier=str(dossier.pk), attempts=dossier.attempts)
    transitions.return_to_draft(dossier, RenderingFailure.COULD_NOT_BE_RENDERED)
