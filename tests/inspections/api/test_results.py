"""Test the result: exactly the contract's fields, never a probability, and the cost of an unusable inspection."""

import json
import re

import pytest

from inspections.models import Result
from testing.factories import InspectionFactory, JobFactory, deliver_result
from testing.phone import Phone, caller, work
from tests.contract.refusals import refused
from tests.inspections.pictures import NOT_IMAGES, dark

pytestmark = pytest.mark.django_db
FIELDS = {
    "inspection_id",
    "mode",
    "signal_detected",
    "confidence_level",
    "guidance",
    "explanation",
    "disclaimer",
    "coverage",
    "model_version",
    "created_at",
}
BLOCKS = {
    "corrosion": ("points", "coverage_band", {"none", "trace", "light", "moderate", "heavy"}),
    "osmosis": ("areas", "density_band", {"none", "few", "several", "many"}),
}
# What the block says of the whole inspection.
BESIDE = {"corrosion": set(), "osmosis": {"hours_since_lift_out"}}
TOKENS = {"monitor", "recheck_later", "consider_professional_survey"}


def result_of(phone: Phone, inspection_id: object) -> dict:
    answer = phone.get(f"/inspections/{inspection_id}/result")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("mode", BLOCKS)
@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_a_result_has_exactly_the_fields_of_the_contract(phone, mode: str, seed: int):
    """Six seeds, because the stub engine sees something else in each."""
    result = result_of(phone, phone.complete(mode, points=2, seed=seed))
    items, band, bands = BLOCKS[mode]
    assert result.keys() == FIELDS | {mode}
    assert result["mode"] == mode
    assert result["signal_detected"] in {"yes", "no", "inconclusive"}
    assert result["confidence_level"] in {"low", "medium", "high"}
    assert result["guidance"]
    assert set(result["guidance"]) <= TOKENS
    assert len(set(result["guidance"])) == len(result["guidance"])
    assert result["coverage"] == {"points": 2, "photos_used": 6, "photos_rejected": 0}
    assert result[mode].keys() == {items} | BESIDE[mode]
    assert [entry["point_index"] for entry in result[mode][items]] == [1, 2]
    for entry in result[mode][items]:
        assert entry.keys() == {"point_index", "label", band, "signal_detected", "overlay_url"}
        assert entry[band] in bands
        assert (entry[band] == "none") == (entry["signal_detected"] != "yes")


@pytest.mark.parametrize("mode", BLOCKS)
def test_a_result_has_no_numbers_except_counts(phone, mode: str):
    """No probability, score or percentage: neither as a field, nor as a number, nor in the words."""
    result = result_of(phone, phone.complete(mode))
    result.pop("coverage")
    items = BLOCKS[mode][0]
    assert [entry.pop("point_index") for entry in result[mode][items]] == [1]
    text = re.sub(r'"http://[^"]*"', '""', json.dumps({**result, "inspection_id": "", "created_at": ""}))
    assert not re.search(r"probab|score|percent|%|extent|measurement|signals|strength|\d\.\d", text)


def test_raw_signals_and_measurements_are_stored_for_staff(phone):
    inspection_id = phone.complete()
    signals = Result.objects.get(pk=inspection_id).signals
    assert [point["point_index"] for point in signals] == [1]
    assert {"signals", "measurements", "confidence"} <= signals[0].keys()


@pytest.mark.parametrize("mode", BLOCKS)
def test_an_overlay_is_a_png_behind_a_link_without_a_token(phone, mode: str):
    entry = result_of(phone, phone.complete(mode))[mode][BLOCKS[mode][0]][0]
    answer = caller().get(entry["overlay_url"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")


def test_a_pending_a_failed_and_a_foreign_inspection_have_no_result(phone, stranger):
    refused(phone.get(f"/inspections/{phone.open()['inspection_id']}/result"), 409, "RESULT_NOT_READY")
    failed = JobFactory.create(failed=True, inspection__owner=phone.owner).inspection_id
    refused(phone.get(f"/inspections/{failed}/result"), 409, "INSPECTION_FAILED")
    foreign = InspectionFactory.create(owner=stranger, completed=True)
    deliver_result(foreign)
    refused(phone.get(f"/inspections/{foreign.pk}/result"), 404, "NOT_FOUND")


def all_unusable(phone: Phone, opened: dict) -> dict:
    for upload, content in zip(opened["uploads"], (dark(), NOT_IMAGES["html"], NOT_IMAGES["one byte"]), strict=True):
        assert phone.put(upload, content).status_code == 200
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202
    work(opened["inspection_id"])
    return result_of(phone, opened["inspection_id"])


@pytest.mark.parametrize("mode", BLOCKS)
def test_a_result_without_usable_photos_is_inconclusive(phone, mode: str):
    result = all_unusable(phone, phone.open(mode))
    said = (result["signal_detected"], result["confidence_level"], result["guidance"])
    assert said == ("inconclusive", "low", ["recheck_later"])
    assert result["coverage"] == {"points": 1, "photos_used": 0, "photos_rejected": 3}
    items, band, _ = BLOCKS[mode]
    (entry,) = result[mode][items]
    assert (entry["signal_detected"], entry[band], entry["overlay_url"]) == ("inconclusive", "none", None)
    status = phone.get(f"/inspections/{result['inspection_id']}/status").json()
    assert (status["status"], status["state"]) == ("completed", "succeeded")


def test_a_result_without_usable_photos_returns_the_credit(phone):
    phone.buy()
    all_unusable(phone, phone.post("/inspections", {"mode": "osmosis"}).json())
    assert phone.credits() == (1, 0)


def test_a_delivered_result_spends_the_credit(phone):
    phone.buy()
    opened = phone.post("/inspections", {"mode": "osmosis"}).json()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    assert phone.credits() == (0, 1)
    work(opened["inspection_id"])
    assert phone.credits() == (0, 0)


def test_a_result_has_the_point_labels_of_the_owner(phone):
    opened = phone.open()
    phone.post(f"/inspections/{opened['inspection_id']}/slots", {"label": "port <bow>"})
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    assert result_of(phone, opened["inspection_id"])["corrosion"]["points"][0]["label"] == "port <bow>"


def test_the_free_result_stays_readable_after_a_subscription_lapses(phone):
    inspection_id = phone.complete()
    first = result_of(phone, inspection_id)
    phone.subscribe()
    phone.subscribe(active=False)
    again = result_of(phone, inspection_id)
    for body in (first, again):
        body["corrosion"]["points"][0].pop("overlay_url")
    assert again == first
