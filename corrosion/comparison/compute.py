"""Worker side: compute a comparison from its photos; one engine analyses both sides again."""

from functools import partial

import structlog
from django.conf import settings

from corrosion.comparison import answers, work
from corrosion.judgement.change import Predictor, measure_change
from corrosion.judgement.comparability import VisitPhoto
from corrosion.judgement.registration import LONG_SIDE_PX
from corrosion.judgement.trend import Change
from corrosion.judgement.verdicts import judge_by_pixels, judge_without_pixels
from corrosion.models import Comparison
from corrosion.vocabulary import IncomparableReason
from inspections.engines.imaging.decode import Picture, UnreadableImage, read_picture
from inspections.engines.imaging.quality import is_too_far
from inspections.engines.registry import engine_for
from inspections.vocabulary import Mode
from inspections.work.evidence import EvidenceUnreadable, read_frozen
from maretech.common.observability import heartbeat
from maretech.common.work.outages import postpone_in_an_outage

log = structlog.get_logger(__name__)


def compute(comparison_id: int) -> None:
    """Compute a pending comparison (worker side). Idempotent; a kill at any line is safe."""
    comparison = work.claim(comparison_id)
    if comparison is None:
        return
    with postpone_in_an_outage(lambda _: comparison.postpone(), comparison=str(comparison.pk)):
        _compute(comparison)


def _compute(comparison: Comparison) -> None:
    engine = engine_for(mode=Mode.CORROSION, name=settings.ENGINE)
    pairs = answers.pairs_of(comparison)
    verdicts = {index: judge_without_pixels(index, pair) for index, pair in pairs.items()}
    measure = partial(_measure, predictor=engine, max_bytes=_max_bytes(comparison))
    undecided = [index for index, verdict in verdicts.items() if verdict is None]
    for index in undecided:
        verdicts[index] = judge_by_pixels(index, pairs[index], measure=measure, among=len(undecided))
        comparison.extend()
        heartbeat.beat("analyses")
    known = [verdict for verdict in verdicts.values() if verdict is not None]
    answers.store_answer(comparison, pairs, known, model_version=engine.model_version)


def _max_bytes(comparison: Comparison) -> int:
    return max(comparison.before.policy.max_bytes, comparison.after.policy.max_bytes)


def _measure(before: VisitPhoto, after: VisitPhoto, *, predictor: Predictor, max_bytes: int) -> Change | str:
    try:
        earlier, later = (_read(photo, max_bytes=max_bytes) for photo in (before, after))
    except EvidenceUnreadable:
        return IncomparableReason.PHOTOS_UNREADABLE
    if _is_unreliable(earlier) or _is_unreliable(later):
        return IncomparableReason.TOO_UNCERTAIN
    return measure_change(earlier.pixels, later.pixels, predictor=predictor)


def _is_unreliable(picture: Picture) -> bool:
    """Returns True if rust could be present but invisible: unseen on both visits, it would count as stable."""
    return bool(picture.quality_flags) or is_too_far(width=picture.header.width, height=picture.header.height)


def _read(photo: VisitPhoto, *, max_bytes: int) -> Picture:
    """Returns the picture of the frozen bytes. Raises `EvidenceUnreadable`."""
    try:
        content = read_frozen(photo.evidence_uri, sha256=photo.sha256, max_bytes=max_bytes)
        return read_picture(content, long_side_px=LONG_SIDE_PX)
    except (EvidenceUnreadable, UnreadableImage) as error:
        log.warning("evidence cannot be read again", asset=photo.asset_id, error=f"{type(error).__name__}: {error}")
        raise EvidenceUnreadable(photo.asset_id) from error
