"""Test the hook that compares a checked photo with an earlier one: one per mode, and harmless if it fails."""

import numpy as np
import pytest
from celery.exceptions import SoftTimeLimitExceeded

from inspections.models import MediaAsset
from inspections.tasks import check_photo
from inspections.work import framing
from inspections.work.framing import FramingFinding, compare_framing
from testing.factories import AssetFactory
from testing.phone import Phone, jpeg
from tests.inspections.pictures import dark

FRAMING = {"shift_x": 0.1, "shift_y": -0.2, "scale": 1.3, "rotation_deg": -4.5}


@pytest.fixture
def calls(monkeypatch):
    """Register a comparer for corrosion alone; return its calls, and let a test set its finding or error."""

    class Calls(list):
        answer: object = FramingFinding(framing=FRAMING, differs=True)

        def compare(self, asset, inspection, pixels):
            self.append((asset.pk, inspection.mode, pixels.shape))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    made = Calls()
    monkeypatch.setattr(framing, "_comparers", {"corrosion": "a.path"})
    monkeypatch.setattr(framing, "import_string", {"a.path": made.compare}.__getitem__)
    return made


def checked(phone: Phone, content: bytes, mode: str = "corrosion") -> MediaAsset:
    target = phone.open(mode)["uploads"][0]
    asset_id = phone.declare_and_upload(target["slot_id"], target["angle"], content)
    check_photo(asset_id)
    return MediaAsset.objects.get(pk=asset_id)


@pytest.mark.django_db
def test_a_usable_photo_is_compared_with_its_pixels_and_the_finding_stored(phone, calls):
    asset = checked(phone, jpeg(1, size=(640, 480)))
    assert calls == [(asset.pk, "corrosion", (480, 640, 3))]
    assert (asset.state, asset.framing) == ("ready", FRAMING)
    assert asset.warnings[-1] == "framed_differently"


@pytest.mark.django_db
def test_a_finding_that_does_not_differ_gives_no_warning(phone, calls):
    calls.answer = FramingFinding(framing=FRAMING, differs=False)
    asset = checked(phone, jpeg(1))
    assert (asset.framing, "framed_differently" in asset.warnings) == (FRAMING, False)


@pytest.mark.django_db
def test_a_rejected_photo_and_one_of_another_mode_are_not_compared(phone, calls):
    assert checked(phone, dark()).state == "rejected"
    assert checked(phone, jpeg(1), "osmosis").state == "ready"
    assert calls == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [None, RuntimeError("a bug"), MemoryError()], ids=["none", "bug", "memory"])
def test_without_a_finding_the_verdict_stands(phone, calls, answer):
    calls.answer = answer
    asset = checked(phone, jpeg(1))
    assert len(calls) == 1
    assert (asset.state, asset.framing, "framed_differently" in asset.warnings) == ("ready", None, False)


@pytest.mark.django_db
def test_the_time_limit_of_the_task_is_not_swallowed(calls):
    calls.answer = SoftTimeLimitExceeded()
    asset = AssetFactory.create()
    with pytest.raises(SoftTimeLimitExceeded):
        compare_framing(asset, asset.slot.inspection, np.zeros((4, 4, 3), np.uint8))


@pytest.mark.parametrize(
    "nonsense",
    [{}, {"shift_x": 0.1}, FRAMING | {"scale": 0.0}, FRAMING | {"shift_x": float("nan")}, FRAMING | {"more": 1.0}],
    ids=["empty", "partial", "no scale", "no number", "too many"],
)
def test_a_finding_that_the_database_would_refuse_is_refused_before(nonsense):
    with pytest.raises(ValueError, match=r"framing|is "):
        FramingFinding(framing=nonsense, differs=True)
