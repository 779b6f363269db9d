"""Overwrite photos over their own links, which stay writable, at every moment after submission.

The second bytes may never be judged or shown. Uses a real object store (SeaweedFS). The second photo is sent before the
analysis, between the reading of one photo and the next, during a read, after the freeze, and after the result.

Control: the worker reads the current object, not the one that was pinned.
"""

import hashlib
import io
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

import numpy as np
from PIL import Image

from drills.harness.api_client import put
from drills.harness.object_store import real_store
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import owner_of, photo
from inspections.capture import opening, submission, uploads
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.vocabulary import AssetState, Mode
from inspections.work import evidence
from inspections.work.analysis import analyse
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.storage import object_store
from maretech.common.storage.base import UploadTarget
from maretech.common.storage.s3 import S3Store

Around = Callable[["Try"], AbstractContextManager[None]]


def disable_guard() -> AbstractContextManager[object]:
    read = S3Store.read

    def read_current(store: S3Store, key: str, *, max_bytes: int, if_match: str | None = None) -> bytes:
        return read(store, key, max_bytes=max_bytes)

    return patch.object(S3Store, "read", read_current)


@dataclass
class Try:
    """One inspection of three photos; one photo is sent again with other bytes."""

    inspection: Inspection
    assets: list[MediaAsset]
    targets: list[UploadTarget]
    first: bytes
    second: bytes

    @property
    def victim(self) -> MediaAsset:
        return self.assets[1]

    def overwrite(self) -> None:
        send(self.targets[1], self.second)

    def analyse(self) -> None:
        job = InferenceJob.objects.get(inspection=self.inspection)
        analyse(job.pk, worker="drill", task_id=str(job.pk))


def drill(context: DrillContext) -> Result:
    count = len(MOMENTS) if context.small or context.control else 100
    outcomes: Counter[str] = Counter()
    with real_store():
        for number in range(count):
            moment = list(MOMENTS)[number % len(MOMENTS)]
            outcomes[_outcome(_submitted(number), MOMENTS[moment])] += 1
    judged = outcomes["second judged"] + outcomes["second served"]
    counts = ", ".join(f"{times} × {name}" for name, times in sorted(outcomes.items()))
    passed = not judged and outcomes["first judged"] > 0  # if every photo were refused, none would be shown
    return Result(f"{count} photos overwritten", f"{judged} second bytes judged or served ({counts})", "0", passed)


def _submitted(number: int) -> Try:
    owner = owner_of(Mode.CORROSION)
    opened = opening.open_inspection(owner=owner, mode=Mode.CORROSION, points=1, details={}, repeatable=True)
    found = uploads.upload_targets(opened.inspection, list(opened.inspection.slots.all()))
    targets = [target for _, _, target in found]
    for position, target in enumerate(targets):
        send(target, photo(3 * number + position))
    submission.submit_inspection(owner=owner, inspection_id=opened.inspection.pk, accept_incomplete=False)
    assets = [asset for asset, _, _ in found]
    return Try(opened.inspection, assets, targets, photo(3 * number + 1), photo(100_000 + number))


def send(target: UploadTarget, content: bytes) -> None:
    put(target.url, content, target.headers)


def _outcome(one: Try, moment: Around) -> str:
    """Return the photo's outcome; the second bytes may exist only at the key that the link writes."""
    with moment(one):
        one.analyse()
    asset = MediaAsset.objects.get(pk=one.victim.pk)
    second = hashlib.sha256(one.second).hexdigest()
    if second in (asset.checked_sha256, asset.evidence_sha256):
        return "second judged"
    keys = [key for key in object_store().list(one.inspection.key_prefix) if "/quarantine/" not in key]
    if any(_shows(key, one.second) for key in keys):
        return "second served"
    return "first judged" if asset.state == AssetState.READY else "photo rejected by name"


def _shows(key: str, content: bytes) -> bool:
    """Return whether the picture, re-encoded or not, resembles these bytes more than an unrelated picture."""
    content_of_key = object_store().read(key, max_bytes=10**8)
    if content_of_key == content:
        return True
    shown, hidden = _small(content_of_key), _small(content)
    return float(np.abs(shown - hidden).mean()) < LIKENESS


LIKENESS: Final = 4.0


def _small(content: bytes) -> Any:
    image = Image.open(io.BytesIO(content)).convert("RGB").resize((64, 48))
    return np.asarray(image).astype(np.float32)


# --- When ----------------------------------------------------------------------------------------------------------


@contextmanager
def _before_the_analysis(one: Try) -> Iterator[None]:
    one.overwrite()
    yield


@contextmanager
def _after_the_result(one: Try) -> Iterator[None]:
    yield
    one.overwrite()
    check_uploaded_photo(one.victim.pk)  # its message comes late
    one.analyse()  # and so does this one


@contextmanager
def _at_the_first_photo(one: Try) -> Iterator[None]:
    """Overwrite when the worker has frozen the photo before and is about to read this one."""
    with _calling(one.overwrite, before=one.assets[0]):
        yield


@contextmanager
def _right_after_its_freeze(one: Try) -> Iterator[None]:
    """Overwrite after the freeze, before the engine has judged the photo."""
    with _calling(one.overwrite, before=one.assets[2]):
        yield


@contextmanager
def _while_it_is_read(one: Try) -> Iterator[None]:
    """Overwrite as often as possible while the photo is read."""
    over = threading.Event()

    def send() -> None:
        while not over.is_set():
            one.overwrite()

    sender = threading.Thread(target=send)
    with _calling(sender.start, before=one.victim):
        yield
    over.set()
    sender.join()


@contextmanager
def _calling(act: Callable[[], None], *, before: MediaAsset) -> Iterator[None]:
    freeze = evidence.freeze

    def act_and_freeze(asset: MediaAsset, **held: Any) -> bytes | None:
        if asset.pk == before.pk:
            act()
        return freeze(asset, **held)

    with patch.object(evidence, "freeze", act_and_freeze):
        yield


MOMENTS: Final[dict[str, Around]] = {
    "before": _before_the_analysis,
    "at the first photo": _at_the_first_photo,
    "while it is read": _while_it_is_read,
    "after its freeze": _right_after_its_freeze,
    "after the result": _after_the_result,
}


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
