"""List an open inspection's uploaded and awaited photos, in words for staff."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from inspections.models import CaptureSlot, Inspection, MediaAsset
from inspections.vocabulary import AssetState
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable


@dataclass(frozen=True, slots=True)
class AwaitedPhotos:
    """The photos of the points that count at submission: those opened or begun, else the first point."""

    points: int
    expected: int
    missing: list[str]
    unusable: list[str]
    unchecked: list[str]
    store_answers: bool

    @classmethod
    def of(cls, inspection: Inspection) -> "AwaitedPhotos":
        slots = [(slot, _current(slot)) for slot in inspection.slots.all()]
        stored, store_answers = _stored_photos([asset for _, assets in slots for asset in assets])
        begun = [
            (slot, assets)
            for slot, assets in slots
            if slot.opened_at is not None or any(asset.pk in stored for asset in assets)
        ]
        expected = [(_photo_name(slot, asset), asset) for slot, assets in begun or slots[:1] for asset in assets]
        return cls(
            points=len(begun),
            expected=len(expected),
            missing=[name for name, asset in expected if asset.pk not in stored],
            unusable=[
                f"{name} ({', '.join(asset.retake_reasons)})"
                for name, asset in expected
                if asset.state == AssetState.REJECTED
            ],
            unchecked=[name for name, asset in expected if asset.state == AssetState.UPLOADED],
            store_answers=store_answers,
        )

    def lines(self) -> Iterator[str]:
        yield f"Points begun: {self.points}. Photos stored: {self.expected - len(self.missing)} of {self.expected}."
        if self.missing:
            yield f"Missing: {', '.join(self.missing)}."
        else:
            yield "Every photo is stored, but the owner has not submitted the inspection."
        if self.unusable:
            yield f"Unusable, to be retaken: {', '.join(self.unusable)}."
        if self.unchecked:
            yield f"Uploaded, not checked yet: {', '.join(self.unchecked)}."
        if not self.store_answers:
            yield "The object store does not answer: only photos that the phone has confirmed are counted."


def _current(slot: CaptureSlot) -> list[MediaAsset]:
    current = [asset for asset in slot.assets.all() if asset.superseded_at is None]
    return sorted(current, key=lambda asset: slot.required_angles.index(asset.angle))


def _stored_photos(assets: list[MediaAsset]) -> tuple[set[uuid.UUID], bool]:
    """Returns the photos in the store, and whether it answered; without an answer, the confirmed photos."""
    try:
        heads = object_store().heads(asset.uri for asset in assets)
    except ObjectStoreUnavailable:
        return {asset.pk for asset in assets if asset.uploaded_at is not None}, False
    return {asset.pk for asset in assets if heads[asset.uri] is not None}, True


def _photo_name(slot: CaptureSlot, asset: MediaAsset) -> str:
    return f"point {slot.point_index} {asset.angle}"
