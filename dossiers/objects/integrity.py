"""Check after a restore that the object store holds the documents and recordings that the rows claim, and no others."""

from collections.abc import Iterator

from dossiers.models import DOSSIERS, Dossier, Recording
from dossiers.objects.garbage_collection import chunks, claimed_keys
from dossiers.vocabulary import DossierStatus, RecordingState
from inspections.objects.claims import Claim
from maretech.common.storage import object_store


def claims() -> Iterator[Claim]:
    for dossier in Dossier.objects.filter(status=DossierStatus.FINAL).iterator():
        yield Claim(dossier.pdf_uri, dossier.pdf_bytes, dossier.pdf_sha256)
    arrived = Recording.objects.exclude(state=RecordingState.CREATED).filter(discarded_at=None)
    for recording in arrived.iterator():
        yield Claim(recording.uri, recording.byte_size, recording.sha256)


def unknown_objects() -> Iterator[str]:
    """Yield the keys of dossiers without a row that needs them."""
    for keys in chunks(object_store().list(DOSSIERS)):
        claimed = claimed_keys(keys)
        yield from (key for key in keys if key not in claimed)
