"""Test that the database refuses invalid rows from every writer: shell, admin and bugs pass no serializer."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import JSONField, Value

from inspections.models import CapturePolicy, CaptureSlot, InferenceJob, Inspection, MediaAsset, Result
from testing.database_role import as_owner
from testing.factories import AssetFactory, InspectionFactory, JobFactory, SlotFactory, deliver_result

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)
JSON_NULL = Value(None, JSONField())
FRAMING = {"shift_x": 0.1, "shift_y": -0.2, "scale": 1.3, "rotation_deg": -4.5}


def refused_by_the_database(write) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"submitted_at": NOW},
        {"finished_at": NOW},
        {"failure_reason": "expired"},
        {"status": "processing"},
        {"status": "processing", "submitted_at": NOW, "finished_at": NOW},
        {"status": "completed", "submitted_at": NOW},
        {"status": "completed", "finished_at": NOW},
        {"status": "failed", "finished_at": NOW},
        {"status": "failed", "failure_reason": "expired"},
        {"status": "failed", "finished_at": NOW, "failure_reason": "whim"},
        {"status": "done", "submitted_at": NOW, "finished_at": NOW},
        {"mode": "osmosis"},
        {"mode": "rust"},
        {"access": "pass"},
        {"access": "credit"},
        {"access": ""},
    ],
    ids=str,
)
def test_an_inspection_that_contradicts_itself_is_refused(nonsense: dict):
    inspection = InspectionFactory.create()
    refused_by_the_database(lambda: Inspection.objects.filter(pk=inspection.pk).update(**nonsense))


def test_a_second_unfinished_free_inspection_is_refused(owner):
    InspectionFactory.create(owner=owner, access="free")
    InspectionFactory.create(owner=owner, access="free", failed=True)
    InspectionFactory.create(owner=owner, access="free", completed=True)
    InspectionFactory.create(owner=owner, access="free", deleted_at=NOW)
    InspectionFactory.create(owner=owner, access="subscription")
    for state in ({}, {"processing": True}):
        refused_by_the_database(lambda state=state: InspectionFactory.create(owner=owner, access="free", **state))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"lease": uuid4()},
        {"lease_until": NOW},
        {"finished_at": NOW},
        {"state": "running"},
        {"state": "running", "lease": uuid4()},
        {"state": "succeeded"},
        {"state": "failed"},
        {"state": "succeeded", "finished_at": NOW, "lease": uuid4(), "lease_until": NOW},
        {"state": "lost", "finished_at": NOW},
        {"progress_done": 4},
        {"attempt": -1},
    ],
    ids=" ".join,
)
def test_a_job_that_contradicts_itself_is_refused(nonsense: dict):
    job = JobFactory.create()
    refused_by_the_database(lambda: InferenceJob.objects.filter(pk=job.pk).update(**nonsense))


def test_a_second_job_or_result_for_an_inspection_is_refused():
    inspection = InspectionFactory.create(completed=True)
    JobFactory.create(inspection=inspection)
    refused_by_the_database(lambda: JobFactory.create(inspection=inspection))
    deliver_result(inspection)
    refused_by_the_database(lambda: deliver_result(inspection))


@pytest.mark.parametrize("index", [0, -1, 1])
def test_points_count_from_one_and_each_is_one_slot(index: int):
    slot = SlotFactory.create()
    refused_by_the_database(lambda: SlotFactory.create(inspection=slot.inspection, point_index=index))
    assert CaptureSlot.objects.count() == 1


def test_an_angle_has_one_current_photo():
    photo = AssetFactory.create()
    AssetFactory.create(slot=photo.slot, superseded_at=NOW)
    refused_by_the_database(lambda: AssetFactory.create(slot=photo.slot))
    refused_by_the_database(lambda: AssetFactory.create(uri=photo.uri))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "uploaded"},
        {"state": "ready"},
        {"state": "rejected"},
        {"pinned_etag": "x"},
        {"pinned_size": 1},
        {"evidence_uri": "x"},
        {"evidence_uri": "x", "evidence_sha256": "y"},
        {"evidence_sha256": "y", "pinned_etag": "x", "pinned_size": 1},
        {"evidence_uri": "x", "pinned_etag": "x", "pinned_size": 1},
        {"byte_size": -1},
        {"framing": JSON_NULL},
        {"framing": {}},
        {"framing": [*FRAMING]},
        {"framing": {"shift_x": 0, "shift_y": 0, "scale": 1}},
        {"framing": FRAMING | {"scale": 0}},
        {"framing": FRAMING | {"scale": None}},
        {"framing": FRAMING | {"shift_x": "0"}},
        {"framing": FRAMING | {"shift_y": [0]}},
        {"framing": FRAMING | {"shift_y": 1e9}},
        {"framing": FRAMING | {"rotation_deg": -400}},
    ],
    ids=str,
)
def test_a_photo_that_contradicts_itself_is_refused(nonsense: dict):
    photo = AssetFactory.create()
    refused_by_the_database(lambda: MediaAsset.objects.filter(pk=photo.pk).update(**nonsense))


def test_a_whole_framing_is_stored():
    photo = AssetFactory.create(framing=FRAMING)
    photo.refresh_from_db()
    assert photo.framing == FRAMING


@pytest.mark.parametrize(
    "nonsense",
    [
        {"mode": "rust"},
        {"version": 1},
        {"free_points": 11},
        {"max_points": 0, "free_points": 0},
        {"max_points": 51},
        {"min_short_side_px": 0},
        {"max_bytes": 0},
    ],
    ids=str,
)
def test_an_invalid_policy_is_refused(nonsense: dict):
    policy = CapturePolicy.objects.get(mode="corrosion")
    fields = {field.name: getattr(policy, field.name) for field in policy._meta.fields if field.name != "id"}
    CapturePolicy.objects.create(**(fields | {"version": 2}))
    refused_by_the_database(lambda: CapturePolicy.objects.create(**(fields | {"version": 3} | nonsense)))


OTHER_MODES_WORDS = [
    {"mode": "rust"},
    {"corrosion": None},
    {"osmosis": {"areas": []}},
    {"corrosion": None, "osmosis": {"areas": []}},
    {"mode": "osmosis"},
    {"worst_band": "few"},
    {"worst_band": "several"},
    {"worst_band": ""},
    {"guidance": ["call_the_yard"]},
    {"guidance": ["monitor", "call_the_yard"]},
    {"guidance": ["monitor", "recheck_later", "call_the_yard"]},
    {"guidance": ["monitor", "recheck_later", "consider_professional_survey", "monitor"]},
]
NO_WORDS = [
    {"guidance": []},
    {"guidance": {}},
    {"guidance": [None]},
    {"guidance": ["monitor", None, "call_the_yard"]},
    {"corrosion": JSON_NULL},
    {"signal_detected": "maybe"},
    {"signal_detected": ""},
    {"confidence_level": "0.93"},
    {"model_version": ""},
]


@pytest.mark.parametrize("nonsense", [*OTHER_MODES_WORDS, *NO_WORDS], ids=str)
def test_a_result_of_another_mode_is_refused(nonsense: dict):
    inspection = InspectionFactory.create(completed=True)
    refused_by_the_database(lambda: deliver_result(inspection, **nonsense))
    deliver_result(inspection)


def test_an_osmosis_result_with_corrosions_words_is_refused():
    inspection = InspectionFactory.create(mode="osmosis", completed=True)
    for nonsense in (
        {"worst_band": "heavy"},
        {"worst_band": "trace"},
        {"corrosion": {"points": []}},
        {"osmosis": None},
    ):
        refused_by_the_database(lambda nonsense=nonsense: deliver_result(inspection, **nonsense))


@pytest.mark.parametrize("field", [field.name for field in Result._meta.fields if field.name != "inspection"])
def test_no_field_of_a_result_can_be_changed(field: str):
    result = deliver_result(InspectionFactory.create(completed=True))
    unchanged = getattr(result, field)
    with as_owner(), pytest.raises(DatabaseError, match="a result never changes"), transaction.atomic():
        Result.objects.update(**{field: unchanged})


def test_raw_sql_cannot_change_a_result():
    deliver_result(InspectionFactory.create(completed=True))
    refusal = pytest.raises(DatabaseError, match="a result never changes")
    with as_owner() as cursor, refusal, transaction.atomic():
        cursor.execute("UPDATE inspections_result SET explanation = 'all is well'")


def test_a_result_is_deleted_with_its_inspection():
    inspection = InspectionFactory.create(completed=True)
    deliver_result(inspection)
    inspection.delete()
    assert not Result.objects.exists()
