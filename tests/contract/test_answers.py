"""Test that answers match the schema, field for field, with every time in UTC ending in Z."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from inspections.tasks import check_photo
from testing.openapi.operations import Operation, component, operations, schema
from testing.phone import V1, Phone, jpeg, work

pytestmark = pytest.mark.django_db
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TIMES = re.compile(r"(_at|_since|_end|_until)$")


def documented(method: str, path: str) -> Operation:
    """Return the operation behind a concrete path; a literal segment is preferred to a parameter."""
    plain = path.partition("?")[0]
    fitting = [
        one
        for one in operations()
        if one.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path), plain)
    ]
    return min(fitting, key=lambda one: one.path.count("{"))


def conforms(method: str, path: str, answer: Any) -> None:
    """Assert that the status is documented and its body has the documented shape, with no field beyond it."""
    responses = documented(method, path).spec["responses"]
    assert str(answer.status_code) in responses, (path, answer.status_code, answer.content)
    content = responses[str(answer.status_code)].get("content")
    if content is None:
        assert answer.content == b""
        return
    body = answer.json()
    shape = content["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(
        {"components": schema()["components"], **shape}, format_checker=jsonschema.FormatChecker()
    )
    validator.validate(body)
    assert not list(undocumented(body, shape)), path
    assert not [value for name, value in leaves(body) if TIMES.search(name) and value and not TIME.fullmatch(value)]


def undocumented(body: Any, shape: dict[str, Any]) -> Iterator[str]:
    """Return fields of the body that the shape does not name."""
    if "$ref" in shape:
        yield from undocumented(body, component(shape["$ref"].rpartition("/")[2]))
    elif "oneOf" in shape and isinstance(body, dict):
        yield from min((list(undocumented(body, one)) for one in shape["oneOf"]), key=len)
    elif isinstance(body, list):
        for entry in body:
            yield from undocumented(entry, shape.get("items", {}))
    elif isinstance(body, dict) and "properties" in shape:
        yield from body.keys() - shape["properties"].keys()
        for name in body.keys() & shape["properties"].keys():
            yield from undocumented(body[name], shape["properties"][name])


def leaves(body: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(body, dict):
        for inner, value in body.items():
            yield from leaves(value, inner)
    elif isinstance(body, list):
        for value in body:
            yield from leaves(value, name)
    else:
        yield name, body


class Witness(Phone):
    """A phone that checks each answer it gets against the schema."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: set[str] = set()

    def call(self, method: str, path: str, *body: Any, **extra: Any) -> Any:
        answer = super().call(method, path, *body, **extra)
        conforms(method, V1 + path, answer)
        self.seen.add(f"{answer.status_code} {documented(method, V1 + path)}")
        return answer


CONTEXT = {
    "hull_material": "steel",
    "hauled_out_at": "2026-05-01T09:00:00+02:00",
    "surface": "dry",
    "antifouling": "removed",
    "region_text": "port side",
}


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_every_answer_of_a_whole_inspection_matches_the_schema(mode: str, owner):
    phone = Witness.of(owner)
    opened = phone.open(mode, label="spring", vessel_label="Anna", capture_context=CONTEXT)
    path = f"/inspections/{opened['inspection_id']}"
    phone.post(f"{path}/submit")
    phone.post(f"{path}/slots", {"label": "bow"})
    for upload in opened["uploads"]:
        content = jpeg(len(upload["angle"]))
        declared = phone.declare(upload["slot_id"], upload["angle"], content, capture={"os": "iOS 19"}).json()
        phone.post(f"/assets/{declared['asset_id']}/uploaded")
        assert phone.put(declared["upload"], content).status_code == 200
        phone.post(f"/assets/{declared['asset_id']}/uploaded")
    for view in ("", "/status", "/result"):
        phone.get(path + view)
    phone.post(f"{path}/complete")
    phone.post(f"{path}/submit")
    phone.get(f"{path}/status")
    work(opened["inspection_id"])
    for view in ("", "/status", "/result"):
        phone.get(path + view)
    phone.get(f"/inspections?mode={mode}&page_size=1")
    phone.delete(path)
    phone.get(path)
    assert phone.seen >= {
        "409 POST /v1/inspections/{inspection_id}/submit",
        "201 POST /v1/slots/{slot_id}/assets",
        "409 POST /v1/assets/{asset_id}/uploaded",
        "202 POST /v1/assets/{asset_id}/uploaded",
        "202 POST /v1/inspections/{inspection_id}/submit",
        "409 GET /v1/inspections/{inspection_id}/result",
        "200 GET /v1/inspections/{inspection_id}/result",
        "204 DELETE /v1/inspections/{inspection_id}",
        "404 GET /v1/inspections/{inspection_id}",
    }


def test_every_answer_about_accounts_and_payments_matches_the_schema(owner):
    phone = Witness.of(owner)
    phone.post("/payments/validate", {"provider": "app_store", "receipt": "mock-valid-1"})
    phone.post("/payments/validate", {"provider": "paypal"})
    phone.post("/payments/osmosis/mock", {"paid": True})
    phone.post("/subscriptions/corrosion/mock", {"active": True, "plan": "yearly"})
    for path in ("/entitlements/osmosis", "/entitlements/corrosion", "/subscriptions/status", "/auth/me"):
        phone.get(path)
    for mode in ("corrosion", "osmosis", "rust"):
        phone.get(f"/capture-policy/{mode}")
    phone.get("/documents/disclaimer")


def test_every_answer_around_vessels_is_as_documented(owner):
    phone = Witness.of(owner)
    details = {"hull_material": "steel", "length_m": 11.2, "built_year": 1979}
    paths = [f"/vessels/{phone.add_vessel(name, **details)['vessel_id']}" for name in ("Tern", "Gannet")]
    phone.subscribe()
    for vessel in ({"vessel_id": paths[0].rpartition("/")[2]}, {"vessel_label": "TERN"}):
        phone.get(f"/inspections/{phone.complete(seed=len(vessel), **vessel)}")
    phone.get("/corrosion/history?vessel_label=tern&page_size=1")
    again = phone.open(vessel_label="Tern")
    phone.get(f"/corrosion/ghosts?for={again['inspection_id']}")
    asset_id = phone.declare_and_upload(again["uploads"][0]["slot_id"], "wide", jpeg(1))
    check_photo(asset_id)
    assert phone.get(f"/assets/{asset_id}").json()["framing"] is not None
    phone.delete(f"/inspections/{again['inspection_id']}")
    phone.get("/vessels?page_size=1")
    for path in paths:
        phone.get(path)
        phone.patch(path, {"name": "Tern", "hull_material": None, "length_m": None})
        phone.delete(path)
        phone.get(path)
    phone.post("/vessels", {"name": "Tern"})
    assert phone.seen >= {
        "200 POST /v1/vessels",
        "200 GET /v1/corrosion/history",
        "200 GET /v1/corrosion/ghosts",
        "200 PATCH /v1/vessels/{vessel_id}",
        "409 PATCH /v1/vessels/{vessel_id}",
        "204 DELETE /v1/vessels/{vessel_id}",
        "404 GET /v1/vessels/{vessel_id}",
    }


def test_times_of_the_owner_are_stored_in_utc(phone):
    opened = phone.open(capture_context=CONTEXT)
    context = phone.get(f"/inspections/{opened['inspection_id']}").json()["capture_context"]
    assert context == CONTEXT | {"hauled_out_at": "2026-05-01T07:00:00Z"}


def test_urls_are_absolute_and_ids_are_uuids(phone):
    opened = phone.open(points=2)
    for name, value in leaves(opened):
        if name.endswith("_id"):
            assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value), name
        if "url" in name:
            assert value.startswith("http://testserver/v1/storage/")
