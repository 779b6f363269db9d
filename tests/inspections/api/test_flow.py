"""Test the two flows of the contract, from the phone to the result."""

import pytest

from testing.phone import jpeg, work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_create_upload_complete_poll_result(phone, mode):
    opened = phone.open(mode, points=2)
    assert [upload["angle"] for upload in opened["uploads"]] == ["wide", "mid", "close"] * 2
    assert opened["upload_urls"] == [upload["url"] for upload in opened["uploads"]]
    inspection = f"/inspections/{opened['inspection_id']}"
    phone.shoot(opened["uploads"])

    before = phone.get(f"{inspection}/status").json()
    assert (before["job_id"], before["state"], before["waiting_for"]) == (None, None, "photos")
    assert phone.get(f"{inspection}/result").json()["error_code"] == "RESULT_NOT_READY"
    assert phone.post(f"{inspection}/complete").json() == {"status": "queued"}
    queued = phone.get(f"{inspection}/status")
    assert queued["Retry-After"] == "2"
    assert (queued.json()["status"], queued.json()["waiting_for"]) == ("processing", "worker")

    work(opened["inspection_id"])
    done = phone.get(f"{inspection}/status").json()
    assert (done["status"], done["state"]) == ("completed", "succeeded")
    assert done["progress"] == {"done": 6, "total": 6}
    result = phone.get(f"{inspection}/result").json()
    assert result["coverage"] == {"points": 2, "photos_used": 6, "photos_rejected": 0}
    other = {"corrosion": "osmosis", "osmosis": "corrosion"}[mode]
    assert mode in result
    assert other not in result


def test_create_slots_assets_submit_status_result(phone):
    opened = phone.open("corrosion")
    inspection = f"/inspections/{opened['inspection_id']}"
    slot = phone.post(f"{inspection}/slots", {"label": "port bow"}).json()
    assert slot["point_index"] == 1
    assert slot["slot_id"] == opened["uploads"][0]["slot_id"]
    for number, angle in enumerate(slot["required_angles"]):
        declared = phone.declare(slot["slot_id"], angle, jpeg(number))
        assert declared.status_code == 201
        assert phone.put(declared.json()["upload"], jpeg(number)).status_code == 200
        answer = phone.post(f"/assets/{declared.json()['asset_id']}/uploaded")
        assert (answer.status_code, answer.json()["state"]) == (202, "uploaded")
    submitted = phone.post(f"{inspection}/submit")
    assert (submitted.status_code, submitted.json()["state"]) == (202, "queued")
    work(opened["inspection_id"])
    again = phone.post(f"{inspection}/submit")
    assert (again.status_code, again.json()) == (202, submitted.json())
    result = phone.get(f"{inspection}/result").json()
    assert result["corrosion"]["points"][0]["label"] == "port bow"
