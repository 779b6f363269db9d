"""What a content must hold before it is printed. Refuses it with the field's name; changes nothing."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dossiers.document.content import MAX_PHOTOS, MAX_VISITS, DossierContent
from dossiers.document.errors import ContentError, TooManyPictures
from dossiers.document.fonts import check_drawable
from dossiers.document.pictures import photos_with_pictures
from dossiers.document.wording.registry import OF_MODE

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_URL: Final = re.compile(r"https?://[!-~]{1,500}", re.IGNORECASE)


def validate(content: DossierContent) -> None:
    """Raise `ContentError` for a content that cannot be printed as a whole."""
    if not 1 <= len(content.visits) <= MAX_VISITS or not all(visit.points for visit in content.visits):
        raise ContentError(f"A dossier shows 1 to {MAX_VISITS} visits, each of at least one point.")
    if not _URL.fullmatch(content.verification_url):
        raise ContentError("The verification address is no address.")
    if content.timeline is not None and OF_MODE[content.mode, content.language].course is None:
        raise ContentError("This mode has no timeline.")
    if any(when.tzinfo is None for when in _times(content)):
        raise ContentError("A time has no UTC offset.")
    try:
        ZoneInfo(content.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ContentError("The time zone is not known.") from problem
    _validate_photos(content)
    for where, text in owner_texts(content):
        check_drawable(text, where=where)


def _validate_photos(content: DossierContent) -> None:
    photos = [photo for visit in content.visits for point in visit.points for photo in point.photos]
    if len({photo.asset_id for photo in photos}) < len(photos):
        raise ContentError("A photo occurs twice.")
    if not all(_SHA256.fullmatch(photo.sha256) or (photo.sha256 == "" and not photo.used) for photo in photos):
        raise ContentError("A used photo has the SHA-256 of its original, in lower case.")
    if sum(1 for _ in photos_with_pictures(content)) > MAX_PHOTOS:
        raise TooManyPictures(f"A document prints {MAX_PHOTOS} photos; `with_pictures` chooses them.")


def _times(content: DossierContent) -> Iterator[datetime]:
    yield content.created_at
    for visit in content.visits:
        yield from (visit.submitted_at, visit.completed_at)
        yield from filter(None, [visit.context.hauled_out_at])
        for point in visit.points:
            for photo in point.photos:
                yield from filter(None, [photo.taken_at, photo.received_at])


def owner_texts(content: DossierContent) -> Iterator[tuple[str, str]]:
    """Yield all text that others wrote, with the name of its field."""
    vessel = content.vessel
    yield from (
        ("vessel.name", vessel.name),
        ("vessel.hull_id", vessel.hull_id),
        ("vessel.home_port", vessel.home_port),
    )
    if content.statement is not None:
        yield "statement", content.statement.text
    for visit in content.visits:
        yield from (("inspection.label", visit.label), ("capture_context.region_text", visit.context.region_text))
        for point in visit.points:
            yield f"label of point {point.point_index}", point.label
            for photo in point.photos:
                yield "capture", f"{photo.device_model} {photo.os} {photo.app_version}"
    if content.timeline is not None:
        yield from (("maintenance.note", work.note) for work in content.timeline.works)
