"""Test the documentation's guide by following its steps."""

import hashlib
import re
from pathlib import Path

import pytest

from maretech.api_docs import hooks
from testing.phone import jpeg, work
from tests.contract.test_answers import documented

pytestmark = pytest.mark.django_db
GUIDE = Path(hooks.__file__).with_name("guide.md").read_text()


def test_every_call_in_the_guide_is_an_operation():
    calls = re.findall(r"`(GET|POST|PUT|DELETE) (/v1/[\w/{}-]+)", GUIDE)
    assert len(calls) >= 12
    for method, path in calls:
        assert documented(method, path), path


def announce(phone, slot_id: str, angle: str, content: bytes) -> dict:
    fields = {"byte_size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "content_type": "image/jpeg"}
    answer = phone.post(f"/slots/{slot_id}/assets", {"angle": angle, **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()


def send(phone, asset_id: str, upload: dict, content: bytes) -> None:
    headers = dict(upload["headers"])
    kind = headers.pop("Content-Type")
    path = upload["url"].removeprefix("http://testserver")
    assert phone.client.generic("PUT", path, content, content_type=kind, headers=headers).status_code == 200
    assert phone.post(f"/assets/{asset_id}/uploaded").status_code == 202


def test_the_steps_of_the_guide_give_a_result_of_two_points(phone):
    opened = phone.open()  # 3
    path = f"/inspections/{opened['inspection_id']}"
    short, *others = opened["uploads"]
    send(phone, short["asset_id"], short, jpeg(1))  # the short way
    for seed, target in enumerate(others, 2):  # 4, the safe way
        announced = announce(phone, target["slot_id"], target["angle"], jpeg(seed))
        assert phone.get(f"/assets/{target['asset_id']}").status_code == 404
        send(phone, announced["asset_id"], announced["upload"], jpeg(seed))
    again, second = (phone.post(f"{path}/slots", {"label": name}).json() for name in ("bow", "stern"))  # 6
    assert (again["point_index"], again["slot_id"], second["point_index"]) == (1, short["slot_id"], 2)
    missing = phone.post(f"{path}/submit").json()["missing"]
    assert {each["point_index"] for each in missing} == {2}, "labelling point 1 has left its photos"
    for seed, target in enumerate(second["uploads"], 5):
        announced = announce(phone, target["slot_id"], target["angle"], jpeg(seed))
        send(phone, announced["asset_id"], announced["upload"], jpeg(seed))
    assert phone.post(f"{path}/submit").status_code == 202  # 7
    work(opened["inspection_id"])
    assert phone.get(f"{path}/status").json()["status"] == "completed"  # 8
    result = phone.get(f"{path}/result").json()  # 9
    assert [(point["point_index"], point["label"]) for point in result["corrosion"]["points"]] == [
        (1, "bow"),
        (2, "stern"),
    ]


def test_the_server_does_what_the_guide_says_about_point_1():
    step = next(line for line in GUIDE.splitlines() if "More points" in line)
    assert "The first call returns point 1" in step
    assert "replaces its photos" in step
