"""Test the documentation's guide by following its steps."""

import hashlib
import re
from pathlib import Path

import pytest

from maretech.api_docs.guide import EXAMPLES_FOLDER, guide_text
from maretech.api_docs.hooks import OPEN_ENUMS
from testing.phone import jpeg, work
from tests.contract.refusals import refused
from tests.contract.test_answers import documented

pytestmark = pytest.mark.django_db
GUIDE = guide_text()
STEPS = [
    "register",
    "read what to photograph",
    "open the inspection",
    "announce the photo",
    "upload it",
    "report it",
    "poll the check",
    "submit",
    "poll the status",
    "read the result",
]


def test_every_call_in_the_guide_is_an_operation():
    calls = re.findall(r"`(GET|POST|PUT|DELETE) (/v1/[\w/{}-]+)", GUIDE)
    assert len(calls) >= 12
    for method, path in calls:
        assert documented(method, path), path


@pytest.mark.parametrize("program", sorted(EXAMPLES_FOLDER.iterdir()), ids=lambda path: path.suffix)
def test_each_program_is_in_the_guide_and_takes_its_ten_steps(program: Path):
    text = program.read_text()
    assert text.strip() in GUIDE
    steps = re.findall(r"^ *(?:#|//) (\d+)\. ([A-Z][^.:,]*)", text, re.MULTILINE)
    assert [number for number, _ in steps] == [str(number) for number in range(1, 11)]
    for (_, said), step in zip(steps, STEPS, strict=True):
        assert said.lower().startswith(step)


def test_the_guide_has_no_empty_place():
    assert "{{" not in GUIDE


def test_the_guide_names_every_open_enum_and_no_other():
    line = next(line for line in GUIDE.splitlines() if "These enums are open" in line)
    assert set(re.findall(r"`(\w+Enum)`", line)) == OPEN_ENUMS


def test_the_pages_that_the_guide_links_are_served(client):
    paths = set(re.findall(r"\]\((/[^)]+)\)", GUIDE))
    assert paths == {"/v1/contract", "/v1/changelog"}
    for path in paths:
        assert client.get(path).status_code == 200


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
    for seed, target in enumerate(others, 2):  # 4 to 6
        announced = announce(phone, target["slot_id"], target["angle"], jpeg(seed))
        assert phone.get(f"/assets/{target['asset_id']}").status_code == 404
        send(phone, announced["asset_id"], announced["upload"], jpeg(seed))
    again, second = (phone.post(f"{path}/slots", {"label": name}).json() for name in ("bow", "stern"))  # more points
    assert (again["point_index"], again["slot_id"], second["point_index"]) == (1, short["slot_id"], 2)
    missing = phone.post(f"{path}/submit").json()["missing"]
    assert {each["point_index"] for each in missing} == {2}, "labelling point 1 has left its photos"
    for seed, target in enumerate(second["uploads"], 5):
        announced = announce(phone, target["slot_id"], target["angle"], jpeg(seed))
        send(phone, announced["asset_id"], announced["upload"], jpeg(seed))
    assert phone.post(f"{path}/submit").status_code == 202  # 8
    work(opened["inspection_id"])
    assert phone.get(f"{path}/status").json()["status"] == "completed"  # 9
    result = phone.get(f"{path}/result").json()  # 10
    assert [(point["point_index"], point["label"]) for point in result["corrosion"]["points"]] == [
        (1, "bow"),
        (2, "stern"),
    ]


def test_the_server_does_what_the_guide_says_about_point_1():
    step = next(line for line in GUIDE.splitlines() if "More points" in line)
    assert "The first call returns point 1" in step
    assert "replaces its photos" in step


@pytest.mark.parametrize("page", ["contract", "changelog"])
def test_a_page_is_the_file_in_the_documents_for_everyone(page: str, client):
    answer = client.get(f"/v1/{page}")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == Path(__file__).parents[2].joinpath("docs", f"{page}.md").read_bytes()
    refused(client.post(f"/v1/{page}"), 405, "METHOD_NOT_ALLOWED")
