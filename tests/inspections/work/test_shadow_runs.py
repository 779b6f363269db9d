"""Test shadow runs: another model's answer beside the result, whole or not at all; the original stays unchanged."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from billing.models import Entitlement, LedgerEntry
from inspections.engines.registry import engine_for
from inspections.engines.stub import StubEngine
from inspections.models import (
    CaptureSlot,
    InferenceJob,
    Inspection,
    InspectionEvent,
    JobAttempt,
    MediaAsset,
    Result,
    ShadowResult,
)
from inspections.modes.corrosion import wording as corrosion_wording
from inspections.tasks import purge_inspection
from inspections.work import shadow
from inspections.work.inference import store_overlays
from inspections.work.shadow import Outcome, rerun
from maretech.common.storage import object_store
from maretech.common.storage.local import LocalStore
from testing.database_role import as_owner
from testing.factories import InspectionFactory, deliver_result
from testing.phone import Phone, jpeg, work
from tests.inspections.pictures import dark

pytestmark = pytest.mark.django_db
MODES = ("corrosion", "osmosis")
ORIGINALS = (
    Inspection,
    CaptureSlot,
    MediaAsset,
    InferenceJob,
    JobAttempt,
    InspectionEvent,
    Result,
    LedgerEntry,
    Entitlement,
)


class Broken(Exception):
    """Raised by an engine that cannot continue."""


class NewEngine(StubEngine):
    """Sees everywhere what the stub sees in reversed bytes."""

    model_version = "new-1"

    def examine(self, point, *, context):
        photos = tuple(
            type(photo)(asset_id=photo.asset_id, angle=photo.angle, content=photo.content[::-1])
            for photo in point.photos
        )
        return super().examine(type(point)(point_index=point.point_index, photos=photos), context=context)


@pytest.fixture
def new_engine(monkeypatch) -> None:
    """Make `--engine new` another model than the one that gave the results."""
    monkeypatch.setattr(
        shadow,
        "engine_for",
        lambda *, mode, name: NewEngine(mode) if name == "new" else engine_for(mode=mode, name=name),
    )


def run(*words: object) -> str:
    out = io.StringIO()
    call_command("rerun", *map(str, words), stdout=out)
    return out.getvalue()


def rows() -> list[str]:
    return [serialize("json", model.objects.order_by("pk")) for model in ORIGINALS]


def objects() -> dict[str, bytes]:
    return {key: object_store().read(key, max_bytes=10**8) for key in object_store().list("inspections/")}


def shadowed(inspection_id: str) -> ShadowResult:
    assert rerun(UUID(inspection_id), engine_name="new").outcome == Outcome.STORED
    return ShadowResult.objects.get()


def test_a_shadow_is_stored_beside_the_unchanged_result(phone, new_engine):
    phone.buy()
    inspection_id = phone.complete("osmosis", points=2)
    rows_before, objects_before = rows(), objects()
    shadowed(inspection_id)
    assert rows() == rows_before
    added = objects().keys() - objects_before.keys()
    assert {key: objects()[key] for key in objects_before} == objects_before
    assert len(added) == 2
    assert all(key.startswith(f"inspections/{inspection_id}/shadow/new-1/") for key in added)


@pytest.mark.parametrize("mode", MODES)
def test_a_shadow_has_the_words_of_its_own_mode_and_the_same_coverage(mode, phone, new_engine):
    stored = shadowed(phone.complete(mode, points=2))
    original = stored.inspection.result
    assert (stored.mode, stored.model_version, original.model_version) == (mode, "new-1", "stub-1")
    assert stored.coverage == original.coverage
    assert (stored.corrosion is None, stored.osmosis is None) == (mode != "corrosion", mode != "osmosis")
    assert stored.explanation
    assert [point["point_index"] for point in stored.signals] == [1, 2]


def test_the_same_model_gives_the_same_answer_on_frozen_evidence(phone):
    inspection = Inspection.objects.get(pk=phone.complete("corrosion", points=3))
    assert rerun(inspection.pk, engine_name="stub").outcome == Outcome.STORED
    original, shadow_row = inspection.result, inspection.shadow_results.get()
    for field in (
        "signal_detected",
        "confidence_level",
        "guidance",
        "worst_band",
        "explanation",
        "coverage",
        "signals",
    ):
        assert getattr(shadow_row, field) == getattr(original, field)


def test_a_photo_rejected_in_the_result_is_rejected_in_the_shadow(phone):
    opened = phone.open()
    for upload, content in zip(opened["uploads"], (dark(), jpeg(1), jpeg(2)), strict=True):
        phone.put(upload, content)
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    rerun(UUID(opened["inspection_id"]), engine_name="stub")
    stored = ShadowResult.objects.get()
    assert stored.coverage["photos_rejected"] == 1
    assert stored.explanation == stored.inspection.result.explanation
    assert "wide" in stored.explanation


def test_only_frozen_evidence_is_read(phone, new_engine, monkeypatch):
    inspection_id, read = phone.complete(), []
    original_read = LocalStore.read

    def watched(store, key, **bounds):
        read.append(key)
        return original_read(store, key, **bounds)

    monkeypatch.setattr(LocalStore, "read", watched)
    shadowed(inspection_id)
    assert len(read) == 3
    assert all(key.startswith(f"inspections/{inspection_id}/evidence/") for key in read)


def test_a_second_run_of_the_same_model_examines_nothing(phone, new_engine, monkeypatch):
    inspection_id = phone.complete()
    first = shadowed(inspection_id)
    monkeypatch.setattr(NewEngine, "examine", lambda *_, **__: 1 / 0)
    again = rerun(UUID(inspection_id), engine_name="new")
    assert (again.outcome, again.answers) == (Outcome.ALREADY_STORED, (first.inspection.result, first))


def test_a_forced_rerun_uses_the_present_rules(phone, new_engine, monkeypatch):
    inspection_id = phone.complete()
    first = shadowed(inspection_id)
    monkeypatch.setattr(corrosion_wording, "DISCLAIMER", "Other words.")
    run("--engine", "new", "--all-completed")
    assert ShadowResult.objects.get() == first
    run("--engine", "new", "--all-completed", "--again")
    assert ShadowResult.objects.get().disclaimer == "Other words."


def test_another_model_adds_its_own_shadow(phone, new_engine):
    inspection_id = UUID(phone.complete())
    for name in ("new", "stub"):
        rerun(inspection_id, engine_name=name)
    assert set(ShadowResult.objects.values_list("model_version", flat=True)) == {"new-1", "stub-1"}


def test_a_run_killed_after_its_overlays_leaves_no_shadow_and_can_be_repeated(phone, new_engine, monkeypatch):
    inspection_id = phone.complete()

    def stored_then_killed(*args, **kwargs):
        store_overlays(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shadow, "store_overlays", stored_then_killed)
        with pytest.raises(KeyboardInterrupt):
            rerun(UUID(inspection_id), engine_name="new")
    assert not ShadowResult.objects.exists()
    shadowed(inspection_id)


def test_two_parallel_runs_store_one_shadow(phone, new_engine, monkeypatch):
    inspection_id = UUID(phone.complete())

    def stored_by_the_other_too(*args, **kwargs):
        monkeypatch.setattr(shadow, "store_overlays", store_overlays)
        of_the_other.append(rerun(inspection_id, engine_name="new").answers[1])
        return store_overlays(*args, **kwargs)

    of_the_other: list[ShadowResult] = []
    monkeypatch.setattr(shadow, "store_overlays", stored_by_the_other_too)
    assert rerun(inspection_id, engine_name="new").answers[1] == of_the_other[0] == ShadowResult.objects.get()


def test_a_deleted_inspection_is_skipped_and_reported(phone, new_engine):
    inspection_id = phone.complete()
    phone.delete(f"/inspections/{inspection_id}")
    assert f"{inspection_id}: skipped: deleted by its owner" in run("--engine", "new", "--all-completed")
    assert not ShadowResult.objects.exists()


def test_an_inspection_deleted_during_a_run_leaves_no_shadow_or_overlay(phone, new_engine, monkeypatch):
    inspection_id = phone.complete()

    def stored_then_deleted(*args, **kwargs):
        uris = store_overlays(*args, **kwargs)
        Inspection.objects.update(deleted_at=timezone.now())
        return uris

    monkeypatch.setattr(shadow, "store_overlays", stored_then_deleted)
    assert rerun(UUID(inspection_id), engine_name="new").outcome == Outcome.DELETED
    assert not ShadowResult.objects.exists()
    assert not [key for key in objects() if "/shadow/" in key]


def test_shadows_and_overlays_are_deleted_with_the_inspection(phone, new_engine, settings):
    inspection_id = phone.complete()
    shadowed(inspection_id)
    phone.delete(f"/inspections/{inspection_id}")
    purge_inspection(inspection_id)
    assert objects() == {}
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        purge_inspection(inspection_id)
    assert not ShadowResult.objects.exists()


@pytest.mark.parametrize("harm", ["gone", "other bytes"])
def test_unreadable_evidence_is_reported_and_the_run_continues(harm, phone, new_engine):
    phone.subscribe()
    hurt, sound = phone.complete(), phone.complete(seed=20)
    photo = MediaAsset.objects.get(slot__inspection=hurt, angle="close")
    if harm == "gone":
        object_store().delete([photo.evidence_uri])
    else:
        object_store().write(photo.evidence_uri, jpeg(99), content_type="image/jpeg")
    with pytest.raises(CommandError, match="1 inspection"):
        run("--engine", "new", "--inspections", hurt, sound)
    assert "point 1, close" in rerun(UUID(hurt), engine_name="new").note
    assert [str(pk) for pk in ShadowResult.objects.values_list("inspection", flat=True)] == [sound]


@pytest.mark.parametrize("fault", [Broken("no light"), MemoryError("no room")], ids=["broken", "out of memory"])
def test_a_failing_engine_is_reported_and_the_run_continues(fault, phone, new_engine, monkeypatch):
    phone.subscribe()
    hurt, sound = phone.complete(), phone.complete(seed=20)
    hurt_assets = {str(pk) for pk in MediaAsset.objects.filter(slot__inspection=hurt).values_list("pk", flat=True)}
    examine = NewEngine.examine

    def fail_for_one(engine, point, *, context):
        if point.photos[0].asset_id in hurt_assets:
            raise fault
        return examine(engine, point, context=context)

    monkeypatch.setattr(NewEngine, "examine", fail_for_one)
    with pytest.raises(CommandError, match="1 inspection"):
        run("--engine", "new", "--inspections", hurt, sound)
    assert str(ShadowResult.objects.get().inspection_id) == sound


def test_an_inspection_without_a_result_or_row_is_named(phone):
    pending, nowhere = phone.open()["inspection_id"], uuid4()
    text = run("--engine", "stub", "--inspections", pending, nowhere)
    assert f"{pending}: skipped: it has no result" in text
    assert f"{nowhere}: skipped: there is no such inspection" in text


def test_an_unknown_engine_is_refused_in_one_line(phone):
    with pytest.raises(CommandError, match="no such engine"):
        run("--engine", "deep", "--inspections", phone.complete())


def test_mode_and_limit_restrict_the_run(phone):
    phone.subscribe()
    older, newer, other = phone.complete(), phone.complete(seed=20), phone.complete("osmosis", seed=40)
    run("--engine", "stub", "--all-completed", "--mode", "corrosion", "--limit", "1")
    assert [str(pk) for pk in ShadowResult.objects.values_list("inspection", flat=True)] == [newer]
    run("--engine", "stub", "--all-completed")
    assert {str(pk) for pk in ShadowResult.objects.values_list("inspection", flat=True)} == {older, newer, other}


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--inspections",),
        ("--inspections", "7"),
        ("--all-completed", "--mode", "rust"),
        ("--all-completed", "--limit", "-1"),
    ],
)
def test_a_run_without_valid_inspections_is_refused(words):
    with pytest.raises(CommandError):
        run("--engine", "stub", *words)


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def contradicted(phone: Phone) -> tuple[str, Result]:
    """An inspection, and a result as if by an older model: the stub sees something else."""
    inspection = Inspection.objects.get(pk=phone.complete("corrosion"))
    row = {field.name: getattr(inspection.result, field.name) for field in Result._meta.fields}
    inspection.result.delete()
    points = [entry | {"signal_detected": "yes"} for entry in row["corrosion"]["points"]]
    signal = "no" if row["signal_detected"] == "yes" else "yes"
    changed = row | {"signal_detected": signal, "explanation": "Older words <b>.", "corrosion": {"points": points}}
    return str(inspection.pk), Result.objects.create(**changed)


def test_the_report_counts_and_names_changed_answers(phone, tmp_path):
    inspection_id, older = contradicted(phone)
    text = run("--engine", "stub", "--inspections", inspection_id, "--report", tmp_path / "new")
    now = ShadowResult.objects.get()
    assert f"{older.signal_detected} → {now.signal_detected}: 1" in text
    assert "signal: 0 of 1 the same" in text
    assert "confidence: 1 of 1 the same" in text
    assert "words would change in 1 inspection(s)" in text
    transitions = csv_rows(tmp_path / "new" / "transitions.csv")
    (signal,) = [row for row in transitions if row["aspect"] == "signal"]
    assert (signal["mode"], signal["original"], signal["shadow"], signal["count"]) == (
        "corrosion",
        older.signal_detected,
        now.signal_detected,
        "1",
    )
    changes = {row["what"]: row for row in csv_rows(tmp_path / "new" / "changes.csv")}
    assert {"signal", "explanation"} <= changes.keys()
    assert changes["explanation"]["shadow"] == now.explanation
    page = (tmp_path / "new" / "index.html").read_text()
    assert inspection_id in page
    assert "Older words &lt;b&gt;." in page


def test_the_report_of_a_repeated_run_is_the_same(phone, tmp_path):
    inspection_id, _ = contradicted(phone)
    first, second = (run("--engine", "stub", "--inspections", inspection_id) for _ in range(2))
    assert first == second


def test_the_report_of_an_unchanged_model_names_no_change(phone, tmp_path):
    phone.complete()
    text = run("--engine", "stub", "--all-completed", "--report", tmp_path)
    assert "signal: 1 of 1 the same" in text
    assert "words would change in 0 inspection(s)" in text
    assert csv_rows(tmp_path / "changes.csv") == []


def stored_shadow(**changes: object) -> ShadowResult:
    inspection = InspectionFactory.create(completed=True)
    result = deliver_result(inspection)
    row = {field.name: getattr(result, field.name) for field in Result._meta.fields}
    return ShadowResult.objects.create(**(row | changes))


def test_no_field_of_a_shadow_can_be_changed():
    stored_shadow()
    for field in ("explanation", "signal_detected", "model_version", "signals"):
        with as_owner(), pytest.raises(DatabaseError, match="a result never changes"), transaction.atomic():
            ShadowResult.objects.update(**{field: getattr(ShadowResult.objects.get(), field)})
    refusal = pytest.raises(DatabaseError, match="a result never changes")
    with as_owner() as cursor, refusal, transaction.atomic():
        cursor.execute("UPDATE inspections_shadowresult SET explanation = 'all is well'")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"osmosis": {"areas": []}},
        {"corrosion": None},
        {"mode": "osmosis"},
        {"worst_band": "few"},
        {"guidance": ["call_the_yard"]},
        {"signal_detected": "maybe"},
        {"confidence_level": "0.93"},
        {"model_version": ""},
    ],
    ids=str,
)
def test_a_shadow_of_another_mode_is_refused(nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        stored_shadow(**nonsense)


def test_a_model_has_one_shadow_per_inspection():
    stored = stored_shadow()
    stored.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.save(force_insert=True)


def test_a_shadow_is_invisible_to_the_owner(phone, new_engine):
    inspection_id = phone.complete("corrosion")
    before = phone.get(f"/inspections/{inspection_id}/result").json()
    shadowed(inspection_id)
    after = phone.get(f"/inspections/{inspection_id}/result").json()
    for body in (before, after):
        body["corrosion"]["points"][0].pop("overlay_url")
    assert after == before
