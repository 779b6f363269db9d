"""Gather from the rows and the object store what a dossier prints. Reads only; the same rows give the same content."""

from uuid import UUID

from accounts.identity.documents import DISCLAIMER, accepted_version
from accounts.models import User
from dossiers.content import corrosion, osmosis
from dossiers.content.printable import printable
from dossiers.content.visits import PictureKeys, visit_of
from dossiers.document.content import (
    Disclaimer,
    DossierContent,
    Language,
    Paper,
    Pictures,
    Statement,
    StatementOrigin,
    VesselFacts,
    Visit,
)
from dossiers.document.selection import with_pictures
from dossiers.models import Dossier
from inspections.models import Inspection
from inspections.vocabulary import Mode
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing
from notifications.recipients.preferences import zone_of
from vessels.models import Vessel

MAX_PICTURE_BYTES = 64 * 1024 * 1024
_OF_MODE = {Mode.CORROSION: corrosion.FACTS, Mode.OSMOSIS: osmosis.FACTS}


def facts_of(dossier: Dossier) -> tuple[DossierContent, PictureKeys]:
    """Return the content without pictures and without the address to verify it, and where its pictures are.

    Its texts are as they are printed.
    """
    owner, mode = dossier.owner, Mode(dossier.mode)
    of_mode, keys, language = _OF_MODE[mode], PictureKeys(), Language(dossier.language)
    visits = tuple(visit_of(each, of_mode=of_mode, keys=keys) for each in inspections_of(dossier))
    assert dossier.vessel is not None
    assert dossier.dated_at is not None
    content = DossierContent(
        dossier_id=dossier.pk,
        mode=mode,
        language=language,
        paper=Paper(dossier.paper),
        created_at=dossier.dated_at,
        vessel=_vessel(dossier.vessel),
        visits=visits,
        disclaimer=_disclaimer(owner),
        verification_url="",
        statement=_statement(dossier),
        timeline=of_mode.timeline(dossier.vessel, [visit.inspection_id for visit in visits], language),
        time_zone=zone_of(owner).key,
    )
    return printable(content), keys


def illustrated(content: DossierContent, keys: PictureKeys) -> DossierContent:
    """Return the content with the pictures that it prints. Raises `ObjectStoreUnavailable`."""

    def read(asset_id: UUID) -> Pictures | None:
        view = _read(keys.views.get(asset_id, ""))
        return None if view is None else Pictures(view, _read(keys.overlays.get(asset_id, "")))

    return with_pictures(content, read)


def inspections_of(dossier: Dossier) -> list[Inspection]:
    """Return the inspections of a dossier in its order, with all that `visit_of` reads."""
    shown = Inspection.objects.owned_by(dossier.owner).filter(dossier_entries__dossier=dossier)
    shown = shown.select_related("result", "policy").prefetch_related("slots__assets")
    return list(shown.order_by("dossier_entries__position"))


def photo_hashes(visits: tuple[Visit, ...]) -> list[dict[str, str | int]]:
    """Return the photos that the document lists, from the sealed row."""
    return [
        {
            "inspection_id": str(visit.inspection_id),
            "point_index": point.point_index,
            "angle": photo.angle,
            "sha256": photo.sha256,
        }
        for visit in visits
        for point in visit.points
        for photo in point.photos
    ]


def _read(key: str) -> bytes | None:
    if not key:
        return None
    try:
        return object_store().read(key, max_bytes=MAX_PICTURE_BYTES)
    except ObjectMissing:
        return None


def _vessel(row: Vessel) -> VesselFacts:
    return VesselFacts(
        name=row.name,
        hull_material=row.hull_material,
        length_m=None if row.length_m is None else float(row.length_m),
        built_year=row.built_year,
        hull_id=row.hull_id,
        home_port=row.home_port,
    )


def _disclaimer(owner: User) -> Disclaimer:
    """Return the version that the owner accepted last; today's, as not accepted, if the owner accepted none."""
    accepted = accepted_version(owner, DISCLAIMER.document)
    if accepted is None:
        return Disclaimer(version=DISCLAIMER.version, text=DISCLAIMER.text)
    document, consent = accepted
    return Disclaimer(version=document.version, text=document.text, accepted_at=consent.given_at)


def _statement(dossier: Dossier) -> Statement | None:
    if not dossier.statement:
        return None
    origin = StatementOrigin.TRANSCRIBED if dossier.transcriber else StatementOrigin.TYPED
    return Statement(
        text=dossier.statement,
        origin=StatementOrigin.REFINED if dossier.refiner else origin,
        transcriber=dossier.transcriber,
        refiner=dossier.refiner,
    )
