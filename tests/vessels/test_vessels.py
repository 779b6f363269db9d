"""Test the owner's vessels over the API: add, list, show, change and delete."""

import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inspections.models import Inspection
from testing.factories import InspectionFactory, VesselFactory
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
DETAILS = {
    "hull_material": "steel",
    "length_m": 11.25,
    "built_year": 1979,
    "hull_id": "DE-ABC12345D979",
    "home_port": "Laboe",
}
NONE = {"hull_material": None, "length_m": None, "built_year": None, "hull_id": "", "home_port": ""}


def fields_of(answer) -> set[str]:
    return set(refused(answer, 400, "VALIDATION_ERROR")["fields"])


# --- add ---------------------------------------------------------------------------------------------------------
def test_a_new_vessel_has_the_details_that_its_owner_typed(phone):
    answer = phone.post("/vessels", {"name": "Tern", **DETAILS})
    vessel = answer.json()
    assert answer.status_code == 201
    assert vessel == {
        "vessel_id": str(Vessel.objects.get().pk),
        "name": "Tern",
        **DETAILS,
        "created_at": vessel["created_at"],
        "archived_at": None,
    }
    assert Vessel.objects.get().owner == phone.owner


def test_a_name_is_all_that_a_vessel_needs(phone):
    vessel = phone.add_vessel("Tern")
    assert {name: vessel[name] for name in NONE} == NONE


@pytest.mark.parametrize("spelling", ["Möwe", "MÖWE", " möwe ", unicodedata.normalize("NFD", "Möwe")])
def test_the_same_name_in_any_spelling_is_the_same_vessel_unchanged(phone, spelling: str):
    first = phone.add_vessel("Möwe", **DETAILS)
    again = phone.post("/vessels", {"name": spelling, "length_m": 9, "home_port": "Kiel"})
    assert (again.status_code, again.json()) == (200, first)


def test_the_same_name_takes_a_vessel_out_of_the_archive(phone):
    vessel = phone.add_vessel("Tern")
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    phone.delete(f"/vessels/{vessel['vessel_id']}")
    assert phone.get(f"/vessels/{vessel['vessel_id']}").json()["archived_at"]
    again = phone.post("/vessels", {"name": "tern"})
    assert (again.status_code, again.json()) == (200, vessel)


def test_two_owners_may_have_vessels_of_one_name(phone, stranger):
    assert phone.add_vessel("Tern")["vessel_id"] != Phone.of(stranger).add_vessel("Tern")["vessel_id"]


def test_the_same_key_returns_the_same_vessel_again(phone):
    first, again = (phone.post("/vessels", {"name": "Tern"}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2))
    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (201, "true", first.json())
    other = phone.post("/vessels", {"name": "Gannet"}, HTTP_IDEMPOTENCY_KEY="k")
    refused(other, 422, "IDEMPOTENCY_KEY_REUSED")


def test_the_key_of_a_vessel_that_was_deleted_finds_nothing(phone):
    vessel = phone.post("/vessels", {"name": "Tern"}, HTTP_IDEMPOTENCY_KEY="k").json()
    phone.delete(f"/vessels/{vessel['vessel_id']}")
    refused(phone.post("/vessels", {"name": "Tern"}, HTTP_IDEMPOTENCY_KEY="k"), 404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["", " ", "\u3164", "\u200b", "x" * 121, None, 7, "a\nb"])
def test_an_invalid_name_is_refused(phone, name: object):
    assert fields_of(phone.post("/vessels", {"name": name})) == {"name"}
    assert fields_of(phone.post("/vessels", DETAILS)) == {"name"}
    assert not Vessel.objects.exists()


WRONG = [
    ("hull_material", "gold"),
    ("hull_material", 7),
    ("length_m", 0.9),
    ("length_m", 500.1),
    ("length_m", "12"),
    ("length_m", True),
    ("length_m", 10**400),
    ("length_m", []),
    ("built_year", 1799),
    ("built_year", 2101),
    ("built_year", 1979.5),
    ("built_year", "1979"),
    ("hull_id", "x" * 41),
    ("hull_id", None),
    ("home_port", "x" * 121),
    ("home_port", 7),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_detail_is_refused_by_its_name(phone, field: str, value: object):
    assert fields_of(phone.post("/vessels", {"name": "Tern", field: value})) == {field}
    vessel = phone.add_vessel("Tern", **DETAILS)
    assert fields_of(phone.patch(f"/vessels/{vessel['vessel_id']}", {field: value})) == {field}
    assert phone.add_vessel("Tern") == vessel


def test_no_position_is_stored(phone):
    phone.add_vessel("Tern", latitude=54.3, longitude=10.1, position=[54.3, 10.1])
    assert "54.3" not in str(Vessel.objects.values().get())


# --- list and show -----------------------------------------------------------------------------------------------
def test_a_list_has_the_owners_vessels_newest_first_and_page_by_page(phone, stranger):
    VesselFactory.create(owner=stranger)
    now = timezone.now()
    expected = [
        str(VesselFactory.create(owner=phone.owner, created_at=now - timedelta(days=days)).pk) for days in range(5)
    ]
    seen, path = [], "/vessels?page_size=2"
    while path:
        body = phone.get(path).json()
        assert body.keys() == {"results", "next", "previous"}
        seen += [entry["vessel_id"] for entry in body["results"]]
        path = body["next"] and body["next"].split("/v1", 1)[1]
    assert seen == expected


def test_a_list_includes_archived_vessels(phone):
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    vessel_id = Vessel.objects.get().pk
    phone.delete(f"/vessels/{vessel_id}")
    [entry] = phone.get("/vessels").json()["results"]
    assert (entry["vessel_id"], bool(entry["archived_at"])) == (str(vessel_id), True)


@pytest.mark.parametrize("query", ["page_size=0", "page_size=101", "cursor=x"])
def test_a_wrong_query_is_refused(phone, query: str):
    refused(phone.get(f"/vessels?{query}"), 400, "VALIDATION_ERROR")


def test_a_vessel_counts_its_inspections_by_mode(phone):
    vessel = phone.add_vessel("Tern")
    empty = phone.get(f"/vessels/{vessel['vessel_id']}").json()
    assert empty == vessel | {"inspection_counts": {"corrosion": 0, "osmosis": 0}, "last_inspected_at": None}
    now = timezone.now()
    for days in (30, 20):
        InspectionFactory.create(
            owner=phone.owner, vessel_label="Tern", completed=True, created_at=now - timedelta(days=days)
        )
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    InspectionFactory.create(owner=phone.owner, vessel_label="Tern", mode="osmosis", deleted_at=now)
    InspectionFactory.create(owner=phone.owner, vessel_label="Gannet", mode="osmosis", completed=True)
    shown = phone.get(f"/vessels/{vessel['vessel_id']}").json()
    assert shown["inspection_counts"] == {"corrosion": 3, "osmosis": 0}
    assert shown["last_inspected_at"] == (now - timedelta(days=20)).isoformat().replace("+00:00", "Z")


# --- change ------------------------------------------------------------------------------------------------------
def test_only_named_fields_change(phone):
    vessel = phone.add_vessel("Tern", **DETAILS)
    path = f"/vessels/{vessel['vessel_id']}"
    answer = phone.patch(path, {"length_m": 12, "home_port": "Kiel"})
    assert answer.status_code == 200
    assert answer.json() == phone.get(path).json()
    assert {name: answer.json()[name] for name in vessel} == vessel | {"length_m": 12.0, "home_port": "Kiel"}
    assert phone.patch(path, {}).json() == answer.json()


def test_null_or_an_empty_text_removes_a_detail(phone):
    vessel = phone.add_vessel("Tern", **DETAILS)
    cleared = phone.patch(f"/vessels/{vessel['vessel_id']}", NONE).json()
    assert {name: cleared[name] for name in NONE} == NONE


def test_a_new_name_is_written_to_the_labels_of_its_inspections(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    own = InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    gone = InspectionFactory.create(owner=phone.owner, vessel_label="Tern", deleted_at=timezone.now())
    other = InspectionFactory.create(owner=phone.owner, vessel_label="Gannet")
    assert phone.patch(f"/vessels/{vessel_id}", {"name": " Black Tern "}).json()["name"] == "Black Tern"
    labels = dict(Inspection.objects.values_list("pk", "vessel_label"))
    assert labels == {own.pk: "Black Tern", gone.pk: "Tern", other.pk: "Gannet"}
    assert phone.get(f"/inspections/{own.pk}").json()["vessel_label"] == "Black Tern"
    assert phone.add_vessel("Tern")["vessel_id"] != vessel_id


def test_another_spelling_of_its_own_name_is_no_collision(phone):
    vessel_id = phone.add_vessel("tern")["vessel_id"]
    own = InspectionFactory.create(owner=phone.owner, vessel_label="tern")
    assert phone.patch(f"/vessels/{vessel_id}", {"name": "TERN"}).json()["name"] == "TERN"
    own.refresh_from_db()
    assert own.vessel_label == "TERN"


def test_the_name_of_another_vessel_is_refused_and_nothing_changes(phone):
    phone.add_vessel("Möwe")
    tern = phone.add_vessel("Tern", length_m=9)
    path = f"/vessels/{tern['vessel_id']}"
    for name in ("Möwe", unicodedata.normalize("NFD", "MÖWE")):
        refused(phone.patch(path, {"name": name, "length_m": 12}), 409, "VESSEL_NAME_TAKEN")
    assert phone.add_vessel("Tern") == tern


def test_an_empty_name_is_refused_when_it_is_changed_too(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    for name in ("", " ", "\u3164", None):
        assert fields_of(phone.patch(f"/vessels/{vessel_id}", {"name": name})) == {"name"}
    assert Vessel.objects.get().name == "Tern"


def test_the_unnamed_vessel_can_be_named(phone):
    own = InspectionFactory.create(owner=phone.owner)
    assert phone.patch(f"/vessels/{own.vessel_id}", {"name": "Tern"}).status_code == 200
    own.refresh_from_db()
    assert own.vessel_label == "Tern"
    assert InspectionFactory.create(owner=phone.owner).vessel_id != own.vessel_id


def test_put_is_not_offered(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    refused(phone.client.put(f"/v1/vessels/{vessel_id}", {"name": "x"}, format="json"), 405, "METHOD_NOT_ALLOWED")


# --- delete ------------------------------------------------------------------------------------------------------
def test_a_vessel_without_inspections_is_deleted(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    answer = phone.delete(f"/vessels/{vessel_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    refused(phone.get(f"/vessels/{vessel_id}"), 404, "NOT_FOUND")
    refused(phone.delete(f"/vessels/{vessel_id}"), 404, "NOT_FOUND")


def test_a_vessel_with_inspections_is_archived_and_they_stay(phone):
    inspection_id = phone.complete(vessel_label="Tern")
    vessel_id = Vessel.objects.get().pk
    first, again = (phone.delete(f"/vessels/{vessel_id}").status_code for _ in range(2))
    assert (first, again) == (204, 204)
    shown = phone.get(f"/vessels/{vessel_id}").json()
    assert (shown["name"], shown["inspection_counts"]["corrosion"], bool(shown["archived_at"])) == ("Tern", 1, True)
    assert phone.get(f"/inspections/{inspection_id}/result").status_code == 200


def test_deleting_again_keeps_the_time_of_the_first(phone):
    own = InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    phone.delete(f"/vessels/{own.vessel_id}")
    first = Vessel.objects.get().archived_at
    phone.delete(f"/vessels/{own.vessel_id}")
    assert Vessel.objects.get().archived_at == first


def test_a_vessel_with_deleted_inspections_only_is_deleted(phone):
    own = InspectionFactory.create(owner=phone.owner, vessel_label="Tern")
    assert phone.delete(f"/inspections/{own.pk}").status_code == 204
    assert phone.delete(f"/vessels/{own.vessel_id}").status_code == 204
    assert not Vessel.objects.exists()
    assert Inspection.objects.get(pk=own.pk).vessel_id is None  # its row awaits the purge


# --- others ------------------------------------------------------------------------------------------------------
def test_a_vessel_of_another_owner_is_not_found_and_not_changed(phone, stranger):
    vessel = phone.add_vessel("Tern", **DETAILS)
    theirs = Phone.of(stranger)
    for vessel_id in (vessel["vessel_id"], uuid4()):
        path = f"/vessels/{vessel_id}"
        for answer in (theirs.get(path), theirs.patch(path, {"name": "Mine"}), theirs.delete(path)):
            refused(answer, 404, "NOT_FOUND")
    assert theirs.get("/vessels").json()["results"] == []
    assert phone.add_vessel("Tern") == vessel


def test_anonymous_callers_get_401(phone):
    path = f"/v1/vessels/{phone.add_vessel('Tern')['vessel_id']}"
    anonymous = caller()
    answers = [anonymous.get("/v1/vessels"), anonymous.post("/v1/vessels", {"name": "Gannet"}, format="json")]
    answers += [anonymous.get(path), anonymous.patch(path, {"name": "Mine"}, format="json"), anonymous.delete(path)]
    for answer in answers:
        refused(answer, 401, "AUTHENTICATION_REQUIRED")
    assert Vessel.objects.get().name == "Tern"
