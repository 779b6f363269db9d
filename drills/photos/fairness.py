"""Report fifty photos of 59 megapixels as one owner, then one photo of 12 megapixels as each of twenty owners.

The twenty must not wait for the fifty. Each of them first reports a photo to the idle server, to measure the duration
of a check, then another one while the fifty wait. Without a server the drill counts the photos checked ahead of theirs.

Control: first come, first served, without a limit on the photos of one owner in check at once.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cache, partial
from io import BytesIO
from typing import Final
from unittest.mock import patch
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from billing.entitlements import entitlements
from drills.harness.api_client import side_by_side
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import owner_of, photo, wait_until
from inspections.capture import opening, uploads
from inspections.models import MediaAsset
from inspections.vocabulary import AssetState, Mode
from inspections.work import photo_check, photo_queue
from maretech.common.storage import object_store

HEAVY_PX: Final = (7700, 7700)
USUAL_PX: Final = (4000, 3000)
SERVER: Final = {"UPLOADS_PER_OWNER": "100000"}
AT_MOST_TIMES: Final = 2.0
# Photos of the large batch checked between another owner's report and its check: the one already started.
AT_MOST_BETWEEN: Final = 1
PATIENCE_SECONDS: Final = 400


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch("inspections.work.photo_queue.next_turn", lambda *_, **__: 0))
    stack.enter_context(patch("django.conf.settings.CHECKS_AT_ONCE_PER_OWNER", 10**6))
    return stack


def drill(context: DrillContext) -> Result:
    many, others = (14, 5) if context.small or context.control else (50, 20)
    crowd = [owner_of(Mode.CORROSION) for _ in range(others)]
    n = f"1 owner with {many} heavy photos, {others} with 1 each"
    return _counted(n, many, crowd) if context.server is None else _timed(n, many, crowd)


def _timed(n: str, many: int, crowd: Sequence[User]) -> Result:
    content = textured(*USUAL_PX)
    photos = [_uploaded(owner, 2, content) for owner in crowd]
    heavy = _uploaded(_subscriber(), many, textured(*HEAVY_PX))
    report = partial(side_by_side, _seconds_to_check, by=1)
    idle = statistics.median(report([first for first, _ in photos]))
    began = timezone.now()
    for asset_id in heavy:
        _report(asset_id)
    being_checked = MediaAsset.objects.filter(pk__in=heavy, check_lease__isnull=False)
    wait_until(being_checked.exists, seconds=30, every=0.01)
    waits = report([second for _, second in photos])
    done = MediaAsset.objects.filter(pk__in=heavy, checked_at__gt=began).count()
    wait_until(lambda: not photo_queue.unchecked_photos().exists(), seconds=PATIENCE_SECONDS, every=1)
    lost = MediaAsset.objects.filter(pk__in=heavy).exclude(state=AssetState.READY).count()
    figure = (
        f"a check takes {idle:.2f} s when nothing waits and {statistics.median(waits):.2f} s beside them, at most "
        f"{max(waits):.2f} s ({max(waits) / idle:.1f} ×); {done} of the {many} done by then, {lost} of them never"
    )
    # Both queues must have waited at the same time: otherwise fairness was not tested.
    passed = max(waits) <= AT_MOST_TIMES * idle and done < many and not lost
    return Result(n, figure, f"each within {AT_MOST_TIMES:.0f} × its idle time, none lost", passed)


def _counted(n: str, many: int, crowd: Sequence[User]) -> Result:
    """Count, in this process and with small photos, the photos checked ahead of each other owner's."""
    heavy = _uploaded(_subscriber(), many, photo(0))
    others = [asset_id for number, owner in enumerate(crowd) for asset_id in _uploaded(owner, 1, photo(1 + number))]
    for asset_id in heavy:
        _report(asset_id)
    photo_check.check_next()
    for asset_id in others:
        _report(asset_id)
    while photo_queue.next_photo() is not None:
        photo_check.check_next()
    order = list(MediaAsset.objects.exclude(checked_at=None).order_by("checked_at").values_list("pk", flat=True))
    between = [sum(1 for asset_id in order[1 : order.index(one)] if asset_id in heavy) for one in others]
    figure = f"at most {max(between)} of the {many} checked while another owner's waited; {len(order)} checked"
    passed = max(between) <= AT_MOST_BETWEEN and len(order) == many + len(others)
    return Result(n, figure, f"at most {AT_MOST_BETWEEN}, all checked", passed)


@cache
def textured(width: int, height: int) -> bytes:
    """Return a sharp photo that costs as much to decode as one from a phone."""
    blocks = np.random.default_rng(width).integers(60, 200, (height // 20, width // 20, 3), dtype=np.uint8)
    out = BytesIO()
    Image.fromarray(np.kron(blocks, np.ones((20, 20, 1), dtype=np.uint8))).save(out, "JPEG", quality=85)
    return out.getvalue()


def _subscriber() -> User:
    owner = owner_of(Mode.CORROSION)
    with transaction.atomic():
        entitlements.set_mock_corrosion_subscription(owner=owner, active=True)
    return owner


def _uploaded(owner: User, count: int, content: bytes) -> list[UUID]:
    """Upload this many photos of the owner, in as many inspections as needed, without reporting them."""
    found: list[UUID] = []
    while len(found) < count:
        for asset in _targets(owner, count - len(found)):
            object_store().write(asset.uri, content, content_type="image/jpeg")
            found.append(asset.pk)
    return found


def _targets(owner: User, count: int) -> Iterator[MediaAsset]:
    points = min(10, -(-count // 3))
    opened = opening.open_inspection(owner=owner, mode=Mode.CORROSION, points=points, details={}, repeatable=True)
    yield from MediaAsset.objects.filter(slot__inspection=opened.inspection)[:count]


def _report(asset_id: UUID) -> None:
    asset = MediaAsset.objects.select_related("slot__inspection__owner").get(pk=asset_id)
    uploads.confirm_upload(owner=asset.slot.inspection.owner, asset_id=asset_id)


def _seconds_to_check(asset_id: UUID) -> float:
    _report(asset_id)
    reported = time.monotonic()
    checked: Callable[[], bool] = MediaAsset.objects.filter(pk=asset_id, state=AssetState.READY).exists
    wait_until(checked, seconds=PATIENCE_SECONDS, every=0.02)
    return time.monotonic() - reported


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
