"""Test the timeline of a vessel: visits, steps and segments by point, with maintenance between them."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from corrosion.models import Comparison
from inspections.lifecycle import failures
from inspections.models import Inspection
from testing.factories import InspectionFactory, UserFactory, VesselFactory, deliver_result
from testing.phone import Phone
from tests.contract.refusals import refused
from tests.contract.test_answers import conforms
from tests.corrosion.rows import point, subscribe, visit, work_off
from tests.corrosion.timeline.boats import (
    FIRST_DAY,
    finished,
    maintain,
    noon,
    pairs,
    photo,
    segments_of,
    steps_of,
    timeline,
    visits_of,
)

pytestmark = pytest.mark.django_db
CLEAN, RUSTY, RUSTIER = (photo(rust) for rust in (0.05, 0.2, 0.35))


def ids(*inspections):
    return [str(inspection.pk) for inspection in inspections]


# --- shape -------------------------------------------------------------------------------------------------------
def test_a_timeline_has_exactly_the_shape_of_the_contract(subscriber, owner, predictor):
    first, second = visits_of(owner, [CLEAN, RUSTY])
    event = maintain(subscriber, FIRST_DAY - timedelta(days=30), "anodes", note="two at the stern")
    body = finished(subscriber)
    assert body == {
        "vessel": {"vessel_id": str(first.vessel_id), "name": "Tern"},
        "points": [
            {
                "point_index": 1,
                "label": "",
                "visits": [
                    {
                        "inspection_id": str(first.pk),
                        "at": "2026-01-10T12:00:00Z",
                        "coverage_band": "light",
                        "confidence_level": "medium",
                        "step": None,
                    },
                    {
                        "inspection_id": str(second.pk),
                        "at": "2026-01-20T12:00:00Z",
                        "coverage_band": "light",
                        "confidence_level": "medium",
                        "step": {"trend": "worsening", "comparable": True, "reasons": []},
                    },
                ],
                "segments": [{"from": str(first.pk), "to": str(second.pk), "trend": "worsening"}],
            }
        ],
        "events": [event],
        "pending": False,
    }
    path = "/v1/corrosion/timeline?vessel_label=Tern"
    conforms("GET", path, subscriber.client.get(path))


def test_a_vessel_is_named_by_its_id_or_by_its_name_in_any_spelling(subscriber, owner):
    [only] = visits_of(owner, [CLEAN], vessel_label="Möwe")
    by_id = subscriber.get(f"/corrosion/timeline?vessel_id={only.vessel_id}").json()
    for label in ("Möwe", "MÖWE", "Mo\u0308we", " möwe "):
        assert subscriber.get(f"/corrosion/timeline?vessel_label={quote(label)}").json() == by_id
    assert by_id["points"][0]["visits"][0]["inspection_id"] == str(only.pk)


def test_an_empty_label_is_the_unnamed_vessel(subscriber, owner):
    [only] = visits_of(owner, [CLEAN], vessel_label="")
    body = timeline(subscriber, "")
    assert body["vessel"] == {"vessel_id": str(only.vessel_id), "name": ""}


def test_a_vessel_without_visits_has_an_empty_timeline(subscriber, owner):
    VesselFactory.create(owner=owner, name="Tern")
    body = timeline(subscriber)
    assert (body["points"], body["events"], body["pending"]) == ([], [], False)


@pytest.mark.parametrize("query", ["", "?vessel_id={id}&vessel_label=Tern", "?vessel_id=x", "?vessel_id="])
@pytest.mark.parametrize("path", ["timeline", "timeline.svg"])
def test_neither_both_or_a_malformed_vessel_is_refused(subscriber, owner, path, query):
    vessel = VesselFactory.create(owner=owner, name="Tern")
    answer = subscriber.get(f"/corrosion/{path}{query.format(id=vessel.pk)}")
    assert "vessel_id" in refused(answer, 400, "VALIDATION_ERROR")["fields"]


@pytest.mark.parametrize("path", ["timeline", "timeline.svg"])
def test_an_unknown_label_and_a_foreign_vessel_are_not_found(subscriber, path):
    foreign = VesselFactory.create(owner=UserFactory.create(), name="Gannet")
    for query in (f"vessel_id={foreign.pk}", "vessel_label=Gannet", f"vessel_id={UserFactory.create().pk}"):
        refused(subscriber.get(f"/corrosion/{path}?{query}"), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["timeline", "timeline.svg"])
def test_a_timeline_needs_a_subscription(phone, owner, path):
    visits_of(owner, [CLEAN])
    for _ in ("never had one", "lapsed"):
        body = refused(phone.get(f"/corrosion/{path}?vessel_label=Tern"), 403, "SUBSCRIPTION_REQUIRED")
        assert body["reason"] == "PAYWALL_UI_035"
        subscribe(phone)
        assert phone.get(f"/corrosion/{path}?vessel_label=Tern").status_code == 200
        subscribe(phone, active=False)


def test_only_completed_corrosion_inspections_of_the_vessel_are_visits(subscriber, owner):
    [only] = visits_of(owner, [CLEAN])
    visits_of(owner, [CLEAN], vessel_label="Gannet")
    visits_of(UserFactory.create(), [CLEAN])
    InspectionFactory.create(owner=owner, vessel_label="Tern")
    InspectionFactory.create(owner=owner, vessel_label="Tern", failed=True)
    deliver_result(InspectionFactory.create(owner=owner, mode="osmosis", completed=True, vessel_label="Tern"))
    [lane] = timeline(subscriber)["points"]
    assert [visited["inspection_id"] for visited in lane["visits"]] == ids(only)


# --- points ------------------------------------------------------------------------------------------------------
def test_a_visit_that_did_not_photograph_a_point_is_not_in_its_lane(subscriber, owner, predictor):
    first = visit(owner, point(mid=CLEAN), point(label="rudder", mid=CLEAN), created_at=noon(FIRST_DAY))
    visit(owner, point(mid=CLEAN), created_at=noon(FIRST_DAY + timedelta(days=1)))
    third = visit(owner, point(mid=CLEAN), point(label="rudder", mid=RUSTY), created_at=noon(FIRST_DAY + timedelta(3)))
    body = finished(subscriber)
    assert [len(lane["visits"]) for lane in body["points"]] == [3, 2]
    assert body["points"][1]["label"] == "rudder"
    assert steps_of(body, 0) == [None, "stable", "stable"]
    # The step is the comparison with the visit before, which does not show the point; the segment reaches further.
    assert steps_of(body, 1) == [None, ["point_missing"]]
    assert segments_of(body, 1) == [(*ids(first, third), "worsening")]


def test_the_confidence_is_that_of_the_point_and_low_where_no_photo_was_usable(subscriber, owner):
    visits_of(owner, [CLEAN], [None])
    known, unusable = (lane["visits"][0]["confidence_level"] for lane in timeline(subscriber)["points"])
    assert (known, unusable) == ("medium", "low")


def test_a_result_without_points_of_its_own_lends_its_confidence(subscriber, owner):
    at = {"created_at": noon(FIRST_DAY)}
    inspection = InspectionFactory.create(owner=owner, completed=True, vessel_label="Tern", **at)
    deliver_result(inspection, confidence_level="high", signals=[])
    assert timeline(subscriber)["points"][0]["visits"][0]["confidence_level"] == "high"


# --- steps and segments ------------------------------------------------------------------------------------------
def test_a_segment_shows_a_drift_that_no_step_shows(subscriber, owner, predictor):
    """Each step stays within the noise of two photos; from the first visit to the last the area grew."""
    visits = visits_of(owner, [photo(rust) for rust in (0.05, 0.08, 0.11, 0.14)])
    body = finished(subscriber)
    assert steps_of(body) == [None, "stable", "stable", "stable"]
    assert segments_of(body) == [(*ids(visits[0], visits[-1]), "worsening")]


def test_what_cannot_be_compared_is_no_step_and_no_trend(subscriber, owner, predictor):
    first, second = visits_of(owner, [CLEAN, photo(0.2, seed=2)])
    body = finished(subscriber)
    assert body["points"][0]["visits"][1]["step"] == {
        "trend": None,
        "comparable": False,
        "reasons": ["photos_do_not_match"],
    }
    assert segments_of(body) == [(*ids(first, second), None)]


def test_a_single_visit_is_a_segment_without_a_trend(subscriber, owner):
    [only] = visits_of(owner, [CLEAN])
    assert segments_of(timeline(subscriber)) == [(*ids(only, only), None)]


def test_missing_comparisons_are_recorded_and_sent_and_the_timeline_does_not_wait(
    subscriber, owner, predictor, broker, django_capture_on_commit_callbacks
):
    """As after the release before, which recorded no segments, and for inspections from before comparisons."""
    visits_of(owner, [CLEAN, RUSTY, RUSTIER])
    Comparison.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        body = timeline(subscriber)
        timeline(subscriber)
    assert body["pending"]
    assert steps_of(body) == [None, None, None]
    assert predictor.calls == 0
    assert Comparison.objects.count() == 3
    assert len([name for name, _ in broker if name == "corrosion.tasks.compute_comparison"]) == 1
    assert steps_of(finished(subscriber)) == [None, "worsening", "worsening"]


def test_a_comparison_that_was_requested_alone_becomes_part_of_the_timeline(subscriber, owner, predictor):
    visits_of(owner, [CLEAN, RUSTY])
    Comparison.objects.update(in_timeline=False)
    assert steps_of(finished(subscriber)) == [None, "worsening"]
    assert pairs()


def test_workers_compute_a_timeline_before_it_is_asked_for(subscriber, owner, predictor):
    visits_of(owner, [CLEAN, RUSTY, RUSTIER])
    work_off()
    body = timeline(subscriber)
    assert not body["pending"]
    assert steps_of(body) == [None, "worsening", "worsening"]


def test_a_comparison_that_was_given_up_has_its_reason_in_each_step(subscriber, owner, predictor):
    visits_of(owner, [CLEAN, RUSTY])
    Comparison.objects.update(attempts=Comparison.retry.max_attempts)
    body = finished(subscriber)
    assert steps_of(body) == [None, ["could_not_be_compared"]]


# --- changes of the visits ---------------------------------------------------------------------------------------
def test_visits_around_a_deleted_one_become_neighbours(subscriber, owner, predictor):
    first, second, third = visits_of(owner, [CLEAN, RUSTIER, RUSTY])
    finished(subscriber)
    subscriber.delete(f"/inspections/{second.pk}")
    assert pairs() == {(first.pk, third.pk)}
    body = finished(subscriber)
    assert steps_of(body) == [None, "worsening"]
    assert segments_of(body) == [(*ids(first, third), "worsening")]


def test_a_new_neighbour_is_recorded_in_the_transaction_of_the_deletion(subscriber, owner, monkeypatch):
    visits_of(owner, [CLEAN, RUSTY, RUSTIER], [CLEAN, None, None])
    before = set(Comparison.objects.values_list("pk", flat=True))

    def die(inspection):
        raise RuntimeError

    second = Inspection.objects.order_by("created_at")[1]
    monkeypatch.setattr(failures, "announce_deleted", die)
    with pytest.raises(RuntimeError):
        failures.delete(second)
    second.refresh_from_db()
    assert second.deleted_at is None
    assert set(Comparison.objects.values_list("pk", flat=True)) == before


def test_the_deletion_of_an_unfinished_inspection_changes_nothing(subscriber, owner):
    visits_of(owner, [CLEAN, RUSTY])
    before = pairs()
    opened = subscriber.open("corrosion", vessel_label="Tern")
    subscriber.delete(f"/inspections/{opened['inspection_id']}")
    assert pairs() == before


def test_a_late_result_of_an_earlier_visit_takes_its_place(subscriber, owner, predictor):
    first, third = visits_of(owner, [CLEAN, RUSTIER], days=20)
    second = visit(owner, point(mid=RUSTY), created_at=noon(FIRST_DAY + timedelta(days=5)))
    body = finished(subscriber)
    assert [visited["inspection_id"] for visited in body["points"][0]["visits"]] == ids(first, second, third)
    assert steps_of(body) == [None, "worsening", "worsening"]


def test_another_owner_sees_nothing_of_it(subscriber, owner, stranger, predictor):
    visits_of(owner, [CLEAN, RUSTY])
    other = Phone.of(stranger)
    subscribe(other)
    refused(other.get("/corrosion/timeline?vessel_label=Tern"), 404, "NOT_FOUND")
    visits_of(stranger, [RUSTY])
    assert len(timeline(other)["points"][0]["visits"]) == 1
