"""Test comparisons from two visits to a trend: pending first, computed once, and never guessed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from corrosion.comparison import answers, compute, work
from corrosion.judgement.trend import NO_CHANGE
from corrosion.models import Comparison
from corrosion.tasks import compute_comparison, send_pending_comparisons
from inspections.models import Inspection, MediaAsset, Result
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from tests.corrosion.pictures import photographed_otherwise, plate, png, seen_from
from tests.corrosion.rows import body_of, compare, completed, point, visit, work_off

pytestmark = pytest.mark.django_db
MOVED = {"shift": (12, -8), "zoom": 1.04, "turn": 2}


@pytest.fixture(scope="module")
def earlier_photo():
    return png(plate(1, rust=0.05))


@pytest.fixture(scope="module")
def later_photo():
    return png(seen_from(plate(1, rust=0.2), **MOVED))


@pytest.fixture(scope="module")
def other_photo():
    return png(plate(2, rust=0.05))


@pytest.fixture(scope="module")
def unchanged_photo():
    """Return the place of the earlier photo, as another camera saw it from another position."""
    return png(photographed_otherwise(seen_from(plate(1, rust=0.05), **MOVED)))


@pytest.fixture
def pair(owner, earlier_photo, later_photo, predictor):
    """Two visits to one point, on which the area grew from 5 % to 20 %."""
    return visit(owner, point(mid=earlier_photo)), visit(owner, point(mid=later_photo))


def sent(broker):
    return [args for name, args in broker if name == "corrosion.tasks.compute_comparison"]


# --- asking ------------------------------------------------------------------------------------------------------
def test_the_first_request_waits_and_the_answer_is_kept(subscriber, pair, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = compare(subscriber, *pair)
    assert first.status_code == 202
    assert first.json() == {"from": str(pair[0].pk), "to": str(pair[1].pk), "status": "pending"}
    assert int(first["Retry-After"]) > 0
    assert len(sent(broker)) == 1
    compute_comparison(*sent(broker)[0])
    done = compare(subscriber, *pair)
    assert done.status_code == 200
    computed_at = Comparison.objects.get().computed_at
    compute_comparison(*sent(broker)[0])
    assert compare(subscriber, *pair).json()["trend"] == done.json()["trend"]
    assert Comparison.objects.get().computed_at == computed_at


def test_a_repeated_request_resends_only_after_the_message_expired(
    subscriber, pair, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        compare(subscriber, *pair)
        assert compare(subscriber, *pair).status_code == 202
    assert len(sent(broker)) == 1
    Comparison.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert compare(subscriber, *pair).status_code == 202
    assert len(sent(broker)) == 2


def test_the_sweep_sends_a_lost_comparison_again(subscriber, pair, broker, django_capture_on_commit_callbacks):
    compare(subscriber, *pair)
    Comparison.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        send_pending_comparisons()
        send_pending_comparisons()
    assert len(sent(broker)) == 1


def test_a_failed_attempt_is_tried_again_with_growing_waits(subscriber, pair, monkeypatch):
    compare(subscriber, *pair)
    pk = Comparison.objects.get().pk

    def die(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(compute, "measure_change", die)
    waits = []
    for _ in range(3):
        with pytest.raises(RuntimeError):
            compute_comparison(pk)
        waits.append(Comparison.objects.get().due_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]
    assert work.comparisons_to_send() == []
    monkeypatch.setattr(compute, "measure_change", lambda *_, **__: NO_CHANGE)
    compute_comparison(pk)
    assert Comparison.objects.get().trend == "stable"


@pytest.mark.django_db(transaction=True)  # the connection may be closed
def test_an_outage_of_the_store_does_not_count_as_an_attempt(subscriber, pair, monkeypatch):
    compare(subscriber, *pair)
    pk = Comparison.objects.get().pk

    def be_away(*args, **kwargs):
        raise ObjectStoreUnavailable("no answer")

    with monkeypatch.context() as away:
        away.setattr(type(object_store()), "read", be_away)
        for _ in range(Comparison.retry.max_attempts + 1):
            compute_comparison(pk)
    comparison = Comparison.objects.get()
    assert (comparison.state, comparison.attempts) == ("pending", 0)
    assert comparison.due_at > timezone.now()
    compute_comparison(pk)
    assert Comparison.objects.get().trend == "worsening"


def test_new_rules_recompute_a_comparison(subscriber, pair, monkeypatch):
    body_of(subscriber, *pair)
    Comparison.objects.update(rule_version="area-0")
    assert compare(subscriber, *pair).status_code == 202
    work_off()
    assert compare(subscriber, *pair).status_code == 200
    assert Comparison.objects.get().rule_version == answers.RULE_VERSION


def test_a_comparison_of_a_deleted_inspection_is_skipped(subscriber, pair):
    compare(subscriber, *pair)
    Inspection.objects.filter(pk=pair[0].pk).update(deleted_at=timezone.now())
    Comparison.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert work.comparisons_to_send() == []
    work_off()
    assert Comparison.objects.get().state == "pending"
    pair[0].delete()
    assert not Comparison.objects.exists()


# --- trends ------------------------------------------------------------------------------------------------------
def test_a_larger_area_at_the_same_place_is_worsening(subscriber, pair):
    body = body_of(subscriber, *pair)
    assert (body["comparable"], body["trend"], body["reasons"]) == (True, "worsening", [])
    (entry,) = body["points"]
    assert (entry["point_index"], entry["trend"], entry["reasons"]) == (1, "worsening", [])
    for name in ("from_photo_url", "to_photo_url", "overlay_url"):
        assert entry[name].startswith("http://testserver/")
    assert "point 1" in body["explanation"]


def test_the_reversed_pair_gets_the_reversed_trend(subscriber, pair):
    body = body_of(subscriber, pair[1], pair[0])
    assert (body["from"], body["to"], body["trend"]) == (str(pair[1].pk), str(pair[0].pk), "improving")
    assert "paint" in body["explanation"]


def test_another_camera_and_light_show_no_change(subscriber, owner, earlier_photo, unchanged_photo, predictor):
    before = visit(owner, point(mid=earlier_photo))
    body = body_of(subscriber, before, visit(owner, point(mid=unchanged_photo)))
    assert (body["comparable"], body["trend"], body["reasons"]) == (True, "stable", [])


def test_both_sides_are_analysed_again_and_stored_results_neither_count_nor_change(
    subscriber, owner, earlier_photo, unchanged_photo, predictor
):
    before = visit(owner, point(2, mid=earlier_photo), model_version="old-1")
    after = visit(owner, point(80, mid=unchanged_photo), model_version="new-2")
    stored = list(Result.objects.order_by("pk").values())
    assert body_of(subscriber, before, after)["trend"] == "stable"
    assert list(Result.objects.order_by("pk").values()) == stored
    assert Comparison.objects.get().model_version == predictor.model_version
    assert predictor.calls == 2


def test_the_measured_change_is_stored_for_staff_and_never_shown(subscriber, pair):
    body = body_of(subscriber, *pair)
    (stored,) = Comparison.objects.get().points
    assert stored["change"]["low"] < stored["change"]["points"] < stored["change"]["high"]
    assert stored["change"]["points"] == pytest.approx(15, abs=2)
    assert set(body["points"][0]) == {
        "point_index", "trend", "reasons", "from_photo_url", "to_photo_url", "overlay_url",
    }  # fmt: skip


def test_a_new_model_recomputes_a_comparison(subscriber, pair, predictor):
    body_of(subscriber, *pair)
    predictor.model_version = "colour-2"
    assert compare(subscriber, *pair).status_code == 202
    work_off()
    assert compare(subscriber, *pair).status_code == 200
    assert Comparison.objects.get().model_version == "colour-2"


def test_the_worst_point_decides_the_trend(subscriber, owner, earlier_photo, later_photo, predictor):
    before = visit(owner, point(mid=later_photo), point(mid=earlier_photo))
    after = visit(owner, point(mid=earlier_photo), point(label="rudder", mid=later_photo))
    body = body_of(subscriber, before, after)
    assert body["trend"] == "worsening"
    assert [entry["trend"] for entry in body["points"]] == ["improving", "worsening"]
    assert "rudder" in body["explanation"]


def test_near_angles_are_pooled_and_the_most_changed_one_is_shown(
    subscriber, owner, earlier_photo, later_photo, unchanged_photo, predictor
):
    before = visit(owner, point(mid=earlier_photo, close=earlier_photo))
    after = visit(owner, point(mid=unchanged_photo, close=later_photo))
    body = body_of(subscriber, before, after)
    assert body["trend"] == "worsening"
    shown = MediaAsset.objects.get(slot__inspection=after, angle="close")
    assert Comparison.objects.get().points[0]["to_photo_uri"] == shown.view_uri
    assert body["points"][0]["overlay_url"] is None  # the mark-up belongs to the other angle


def test_angles_that_contradict_each_other_are_too_uncertain(subscriber, owner, earlier_photo, later_photo, predictor):
    before = visit(owner, point(mid=earlier_photo, close=later_photo))
    after = visit(owner, point(mid=later_photo, close=earlier_photo))
    assert_not_comparable(body_of(subscriber, before, after), "too_uncertain")


def test_wide_photo_counts_only_without_a_comparable_near_one(subscriber, owner, earlier_photo, later_photo, predictor):
    before = visit(owner, point(wide=earlier_photo, mid=earlier_photo), point(wide=earlier_photo))
    after = visit(owner, point(wide=later_photo, mid=earlier_photo), point(wide=later_photo))
    body = body_of(subscriber, before, after)
    assert [entry["trend"] for entry in body["points"]] == ["stable", "worsening"]


def test_identical_photos_are_stable_without_a_computation(subscriber, owner, earlier_photo, broker):
    before, after = (visit(owner, point(area, signal="inconclusive", mid=earlier_photo)) for area in (5, 60))
    answer = compare(subscriber, before, after)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["comparable"], body["trend"]) == (True, "stable")
    assert body["points"][0]["reasons"] == ["identical_photos"]
    assert sent(broker) == []


def test_identical_photos_are_stable_in_the_whole_flow(subscriber):
    first, second = (subscriber.complete(seed=1, vessel_label="Tern") for _ in range(2))
    assert first != second
    body = compare(subscriber, first, second).json()
    assert (body["comparable"], body["trend"]) == (True, "stable")


# --- not comparable ----------------------------------------------------------------------------------------------
def assert_not_comparable(body, *reasons):
    assert (body["comparable"], body["trend"], body["reasons"]) == (False, None, list(reasons))
    assert all(entry["trend"] is None and entry["overlay_url"] is None for entry in body["points"])
    assert body["explanation"]


def test_photos_of_different_places_are_not_comparable(subscriber, owner, earlier_photo, other_photo, predictor):
    before, after = visit(owner, point(5, mid=earlier_photo)), visit(owner, point(5, mid=other_photo))
    assert_not_comparable(body_of(subscriber, before, after), "photos_do_not_match")


def test_one_matching_angle_is_enough(subscriber, owner, earlier_photo, later_photo, other_photo, predictor):
    before = visit(owner, point(5, close=png(plate(3)), mid=earlier_photo))
    after = visit(owner, point(30, close=other_photo, mid=later_photo))
    body = body_of(subscriber, before, after)
    assert body["trend"] == "worsening"
    shown = MediaAsset.objects.get(slot__inspection=after, angle="mid")
    assert Comparison.objects.get().points[0]["to_photo_uri"] == shown.view_uri


def test_different_vessels_are_not_comparable_even_with_the_same_photos(subscriber, owner, earlier_photo):
    before, after = (visit(owner, point(mid=earlier_photo), vessel_label=name) for name in ("Tern", "Gannet"))
    answer = compare(subscriber, before, after)
    assert answer.status_code == 200
    assert_not_comparable(answer.json(), "different_vessel")


@pytest.mark.parametrize("names", [("Möwe", "MÖWE"), ("Möwe", "Mo\u0308we"), ("Straße 7", "STRASSE 7")])
def test_a_vessel_is_the_same_in_every_spelling_of_its_name(names, subscriber, owner, earlier_photo):
    before, after = (visit(owner, point(mid=earlier_photo), vessel_label=name) for name in names)
    assert compare(subscriber, before, after).json()["trend"] == "stable"


def test_a_new_name_of_a_vessel_changes_no_comparison(subscriber, owner, earlier_photo):
    before = visit(owner, point(mid=earlier_photo), vessel_label="Tern")
    subscriber.patch(f"/vessels/{before.vessel_id}", {"name": "Puffin"})
    after = visit(owner, point(mid=earlier_photo), vessel_label="Puffin")
    assert compare(subscriber, before, after).json()["trend"] == "stable"


@pytest.mark.parametrize(("names", "trend"), [(("Tern", "TERN"), "stable"), (("Tern", "Gannet"), None)])
def test_what_the_sweep_has_given_no_vessel_yet_is_compared_by_its_label(
    subscriber, owner, earlier_photo, names, trend: str | None
):
    """As the release before opens inspections; that neither has a vessel does not make them of one vessel."""
    before, after = (visit(owner, point(mid=earlier_photo), vessel_label=name, vessel=None) for name in names)
    assert compare(subscriber, before, after).json()["trend"] == trend


def test_flagged_photo_is_too_uncertain(subscriber, owner, earlier_photo, later_photo, predictor):
    predictor.quality_flags = ("unlike_training",)
    before, after = visit(owner, point(mid=earlier_photo)), visit(owner, point(mid=later_photo))
    assert_not_comparable(body_of(subscriber, before, after), "too_uncertain")


def test_an_aluminium_hull_is_never_compared_for_rust(subscriber, owner, earlier_photo, later_photo, predictor):
    before = visit(owner, point(mid=earlier_photo))
    after = visit(owner, point(mid=later_photo), capture_context={"hull_material": "aluminium"})
    body = compare(subscriber, before, after).json()
    assert_not_comparable(body, "not_made_for_this_metal")
    assert "rust" not in body["explanation"]
    assert predictor.calls == 0


def test_without_usable_photos_nothing_is_comparable(subscriber, owner):
    assert_not_comparable(compare(subscriber, completed(owner), completed(owner)).json(), "no_usable_photos")


def test_rejected_photos_do_not_count(subscriber, owner, earlier_photo, predictor):
    before, after = (visit(owner, point(5, mid=earlier_photo)) for _ in range(2))
    MediaAsset.objects.filter(slot__inspection=after).update(state="rejected")
    assert_not_comparable(compare(subscriber, before, after).json(), "no_usable_photos")


def test_without_a_common_angle_nothing_is_comparable(subscriber, owner, earlier_photo, later_photo):
    before, after = visit(owner, point(5, wide=earlier_photo)), visit(owner, point(5, close=later_photo))
    assert_not_comparable(compare(subscriber, before, after).json(), "no_common_angle")


def test_missing_evidence_is_not_comparable(subscriber, pair):
    object_store().delete([MediaAsset.objects.get(slot__inspection=pair[0]).evidence_uri])
    assert_not_comparable(body_of(subscriber, *pair), "photos_unreadable")


def test_changed_evidence_is_not_comparable(subscriber, pair, later_photo):
    asset = MediaAsset.objects.get(slot__inspection=pair[0])
    object_store().write(asset.evidence_uri, later_photo, content_type="image/png")
    assert_not_comparable(body_of(subscriber, *pair), "photos_unreadable")


def test_a_point_of_one_visit_only_leaves_the_others_comparable(
    subscriber, owner, earlier_photo, later_photo, predictor
):
    before = visit(owner, point(5, mid=earlier_photo))
    after = visit(owner, point(20, mid=later_photo), point(60, mid=later_photo))
    body = body_of(subscriber, before, after)
    assert body["trend"] == "worsening"
    assert body["points"][1]["trend"] is None
    assert body["points"][1]["reasons"] == ["point_missing"]
    assert body["points"][1]["from_photo_url"] is None
    assert "1 of 2 points" in body["explanation"]
