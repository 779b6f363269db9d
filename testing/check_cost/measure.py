"""Measures a first visit, which has nothing to compare with, and a repeat visit in turn."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import cv2
import numpy as np
from django.utils import timezone

from billing.entitlements.entitlements import set_mock_corrosion_subscription
from evaluation.speed import phone_photo
from inspections.engines.base import Rgb
from inspections.engines.imaging.decode import decode
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX, viewing_copy
from inspections.lifecycle import photo_state
from inspections.models import Inspection, MediaAsset
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.storage import object_store
from testing.factories import AssetFactory, InspectionFactory, SlotFactory, UserFactory

ROUNDS: Final = 50
FIRST: Final = "first visit"
REPEAT: Final = "repeat visit"


@dataclass(frozen=True, slots=True)
class Times:
    """Median and 95th percentile."""

    rounds: int
    wall_ms: tuple[float, float]
    cpu_ms: tuple[float, float]


def measure(*, rounds: int = ROUNDS, photo: bytes | None = None) -> dict[str, Times]:
    """Return the times of the checks of each visit."""
    cv2.setNumThreads(1)  # as in a worker
    content = photo or phone_photo()
    first, repeat = _visits(content)
    spent: dict[str, list[tuple[float, float]]] = {FIRST: [], REPEAT: []}
    for number in range(rounds + 1):
        for name, asset in ((FIRST, first), (REPEAT, repeat)):
            times = _check(asset)
            if number:  # the first round is not measured: it loads tables and touches pages
                spent[name].append(times)
    assert MediaAsset.objects.get(pk=first.pk).framing is None
    assert MediaAsset.objects.get(pk=repeat.pk).framing is not None
    return {name: _summarise(times) for name, times in spent.items()}


def _visits(content: bytes) -> tuple[MediaAsset, MediaAsset]:
    """Create the photo of a first visit, and one of another vessel's repeat visit with a ghost nearly alike."""
    owner = UserFactory.create()
    set_mock_corrosion_subscription(owner=owner, active=True)
    first, repeat = (InspectionFactory.create(owner=owner, vessel_label=name) for name in ("New", "Known"))
    earlier = InspectionFactory.create(
        owner=owner, vessel_label="Known", completed=True, created_at=timezone.now() - timedelta(days=365)
    )
    ghost = AssetFactory.create(slot=SlotFactory.create(inspection=earlier), frozen=True, view_uri="check-cost/ghost")
    seen = _from_another_stance(decode(content, long_side_px=VIEW_LONG_SIDE_PX))
    object_store().write(ghost.view_uri, viewing_copy(seen), content_type="image/jpeg")
    return _photo(first, content), _photo(repeat, content)


def _from_another_stance(pixels: Rgb) -> Rgb:
    height, width = pixels.shape[:2]
    mapping = cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1.06)
    return np.asarray(cv2.warpAffine(pixels, mapping, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _photo(inspection: Inspection, content: bytes) -> MediaAsset:
    asset = AssetFactory.create(slot=SlotFactory.create(inspection=inspection))
    object_store().write(asset.uri, content, content_type="image/jpeg")
    return asset


def _check(asset: MediaAsset) -> tuple[float, float]:
    """Upload the photo again and check it; return wall and CPU time in ms."""
    found = object_store().head(asset.uri)
    assert found is not None
    photo_state.set_uploaded(asset, etag=found.etag, request_id="")
    photo_state.save_upload(asset)
    wall, cpu = time.perf_counter(), time.process_time()
    check_uploaded_photo(asset.pk)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


def _summarise(times: list[tuple[float, float]]) -> Times:
    (wall_p50, cpu_p50), (wall_p95, cpu_p95) = np.percentile(times, (50, 95), axis=0).tolist()
    return Times(len(times), (wall_p50, wall_p95), (cpu_p50, cpu_p95))
