"""Test every text and time that the schema accepts: one normal form each, or a refusal."""

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspections.models import CaptureSlot, Inspection, MediaAsset
from testing.factories import handover_of
from testing.letters import ADDRESS
from testing.openapi.operations import Operation, component, example, operations
from testing.phone import Phone, jpeg
from tests.contract.refusals import refused
from tests.contract.undone import undone

pytestmark = pytest.mark.django_db

# Stored to the byte: made by a machine, or a secret. An address and a code have rules of their own.
OPAQUE = {"password", "old_password", "new_password", "refresh_token", "push_token", "receipt", "token"}
SUBSCRIPTION = {"subscription.endpoint", "subscription.keys.p256dh", "subscription.keys.auth"}
QUIET_HOURS = {"quiet_hours.from", "quiet_hours.to"}
DAYS = {"performed_on"}
OF_THEIR_OWN = {
    "email",
    "new_email",
    "to",
    "to_email",
    "to.country",
    "code",
    "sha256",
    "vessel_id",
    "appointment_id",
    "place_id",
    "slot_id",
    "time_zone",
    *DAYS,
    *QUIET_HOURS,
    *SUBSCRIPTION,
}
DELIVERIES = "POST /v1/dossiers/{dossier_id}/deliveries"
FREE_TEXTS = {
    ("POST /v1/appointments/{appointment_id}/dispute", "reason"),
    ("POST /v1/disputes/{dispute_id}/recovery-attempts", "explanation"),
    ("POST /v1/reviews/{review_id}/reports", "reason"),
    ("POST /v1/surveyors/{surveyor_id}/reviews", "text"),
    ("POST /v1/inspections", "vessel_label"),
    ("POST /v1/inspections", "label"),
    ("POST /v1/inspections", "capture_context.region_text"),
    ("POST /v1/inspections/{inspection_id}/slots", "label"),
    ("POST /v1/corrosion/maintenance", "vessel_label"),
    ("POST /v1/corrosion/maintenance", "note"),
    ("POST /v1/handovers/{handover_id}/dispute", "reason"),
    ("POST /v1/vessels", "name"),
    ("POST /v1/vessels", "hull_id"),
    ("POST /v1/vessels", "home_port"),
    ("PATCH /v1/vessels/{vessel_id}", "name"),
    ("PATCH /v1/vessels/{vessel_id}", "hull_id"),
    ("PATCH /v1/vessels/{vessel_id}", "home_port"),
    ("POST /v1/dossiers", "statement"),
    ("PATCH /v1/dossiers/{dossier_id}", "statement"),
    ("POST /v1/dossiers/{dossier_id}/recording", "content_type"),
    (DELIVERIES, "to.name"),
    (DELIVERIES, "to.postal_code"),
    (DELIVERIES, "to.city"),
    (DELIVERIES, "to.state"),
    ("POST /v1/slots/{slot_id}/assets", "content_type"),
    ("POST /v1/slots/{slot_id}/assets", "capture.device_model"),
    ("POST /v1/slots/{slot_id}/assets", "capture.os"),
    ("POST /v1/slots/{slot_id}/assets", "capture.app_version"),
}
TIMES = {
    ("POST /v1/inspections", "capture_context.hauled_out_at"),
    ("POST /v1/slots/{slot_id}/assets", "capture.captured_at"),
    ("PUT /v1/osmosis/lift-outs/{vessel_id}", "lifted_out_at"),
}


def strings(shape: dict[str, Any], at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every string of a body, by its dotted name."""
    if "$ref" in shape:
        yield from strings(component(shape["$ref"].rpartition("/")[2]), at)
    for one in [*shape.get("allOf", ()), *shape.get("oneOf", ())]:
        yield from strings(one, at)
    for name, inner in shape.get("properties", {}).items():
        yield from strings(inner, f"{at}.{name}" if at else name)
    if shape.get("type") == "string" and "enum" not in shape:
        yield at, shape


def inputs() -> Iterator[tuple[Operation, str, dict[str, Any]]]:
    for operation in operations():
        if operation.takes_json:
            for name, shape in strings(operation.spec["requestBody"]["content"]["application/json"]["schema"]):
                yield operation, name, shape


def body_with(operation: Operation, name: str, value: object) -> dict[str, Any]:
    """Return the smallest body, with this one value in it."""
    body = example(operation.spec["requestBody"]["content"]["application/json"]["schema"])
    *parents, last = name.split(".")
    if str(operation) == DELIVERIES and parents:  # the example is a mail
        return {"channel": "post", "to": ADDRESS | {last: value}}
    inner = body
    for parent in parents:
        inner = inner.setdefault(parent, {})
    inner[last] = value
    if operation.path == "/v1/inspections":
        body["mode"] = "corrosion"
    return body


def send(phone: Phone, operation: Operation, name: str, value: object, ids: dict[str, Any] | None = None) -> Any:
    call = getattr(phone.client, operation.method.lower())
    return call(operation.url(ids or {}), body_with(operation, name, value), format="json")


def ids_of(phone: Phone) -> dict[str, Any]:
    """Return the id of a handover of this owner: the body of another owner is not read."""
    assert phone.owner is not None
    return {"handover_id": handover_of(phone.owner).pk}


INPUTS = list(inputs())
TEXT_INPUTS = [(one, name) for one, name, _ in INPUTS if (str(one), name) in FREE_TEXTS]
TIME_INPUTS = [(one, name) for one, name, _ in INPUTS if (str(one), name) in TIMES]


def test_every_string_of_the_schema_has_a_rule():
    """A new field must be one of these or fail here: a free text, a time, or a field with a reason listed above."""
    texts = {(str(one), name) for one, name, shape in INPUTS if "u2066" in shape.get("pattern", "")}
    times = {(str(one), name) for one, name, shape in INPUTS if shape.get("format") == "date-time"}
    assert (texts, times) == (FREE_TEXTS, TIMES)
    others = {name for one, name, _ in INPUTS if (str(one), name) not in FREE_TEXTS | TIMES}
    assert others == OPAQUE | OF_THEIR_OWN


CONTROLS = ("a\nb", "a\tb", "a\x07b", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b", "a\x00b")
# A text of several lines has these.
OF_LINES = dict.fromkeys(("statement", "text"), ("a\nb", "a\tb"))


def test_a_text_with_control_characters_is_refused(phone, subtests):
    ids = ids_of(phone)
    for operation, name in TEXT_INPUTS:
        for bad in CONTROLS:
            if bad not in OF_LINES.get(name, ()):
                with subtests.test(f"{operation} {name} {bad!r}"), undone():
                    assert name in refused(send(phone, operation, name, bad, ids), 400, "VALIDATION_ERROR")["fields"]


def test_a_text_of_another_type_is_refused(phone, subtests):
    ids = ids_of(phone)
    for operation, name in TEXT_INPUTS:
        for bad in (7, True, [], {}, None):
            with subtests.test(f"{operation} {name} {bad!r}"), undone():
                assert name in refused(send(phone, operation, name, bad, ids), 400, "VALIDATION_ERROR")["fields"]


DECOMPOSED, COMPOSED = unicodedata.normalize("NFD", "Möwe von Ærø"), unicodedata.normalize("NFC", "Möwe von Ærø")


def test_texts_are_stored_in_nfc(phone):
    assert DECOMPOSED != COMPOSED
    context = {"region_text": DECOMPOSED}
    vessel = phone.add_vessel(DECOMPOSED, hull_id=DECOMPOSED, home_port=DECOMPOSED)
    assert [vessel[name] for name in ("name", "hull_id", "home_port")] == [COMPOSED] * 3
    opened = phone.open(vessel_label=DECOMPOSED, label=DECOMPOSED, capture_context=context)
    slot = phone.post(f"/inspections/{opened['inspection_id']}/slots", {"label": DECOMPOSED}).json()
    capture = {"device_model": DECOMPOSED, "os": DECOMPOSED, "app_version": DECOMPOSED}
    assert phone.declare(slot["slot_id"], "wide", jpeg(1), capture=capture).status_code == 201
    inspection = Inspection.objects.get()
    assert [inspection.vessel_label, inspection.label, inspection.capture_context["region_text"]] == [COMPOSED] * 3
    assert CaptureSlot.objects.get().label == COMPOSED
    assert set(MediaAsset.objects.get(superseded_at=None, angle="wide").capture.values()) == {COMPOSED}


def test_the_length_of_a_text_is_counted_in_nfc(phone):
    longest = "é" * 120
    answer = phone.post("/inspections", {"mode": "corrosion", "label": unicodedata.normalize("NFD", longest)})
    assert answer.status_code == 201
    assert Inspection.objects.get().label == longest
    refused(phone.post("/inspections", {"mode": "corrosion", "label": longest + "e"}), 400, "VALIDATION_ERROR")


def test_other_characters_than_control_characters_are_stored(phone):
    """Names in any script, emoji joined by an invisible character, marks of right-to-left writing."""
    phone.subscribe()
    for number, name in enumerate(("Ναυτίλος", "かもめ", "سفينة\u200f", "👨‍👩‍👧", "Åse & Søn's №1")):
        body = {"mode": "corrosion", "label": name}
        assert phone.post("/inspections", body, HTTP_IDEMPOTENCY_KEY=f"{number}").status_code == 201
        assert Inspection.objects.latest("created_at").label == name


WITHOUT_OFFSET = (
    "2026-10-25T02:30:00",
    "2026-10-25 02:30",
    "2026-10-25",
    "2026-10-25T02:30:00.123456",
    "20261025T023000",
    "2026-W43-7T02:30",
    "٢٠٢٦-١٠-٢٥T٠٢:٣٠:٠٠Z",
    "2026-10-25T02:30:00 Europe/Berlin",
    "0001-01-01T00:00:00+14:00",
    "now",
    "",
    1_761_000_000,
    None,
    [],
    True,
)


def test_a_time_without_its_offset_is_refused(phone, subtests):
    """For osmosis the hours since lift-out decide what can be seen; two hours of summer time are all of it."""
    ids = ids_of(phone)
    for operation, name in TIME_INPUTS:
        for bad in WITHOUT_OFFSET:
            with subtests.test(f"{operation} {name} {bad!r}"), undone():
                assert name in refused(send(phone, operation, name, bad, ids), 400, "VALIDATION_ERROR")["fields"]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2025-10-25T02:30:00Z", "2025-10-25T02:30:00Z"),
        ("2025-10-25T02:30:00+02:00", "2025-10-25T00:30:00Z"),
        ("2025-10-25T02:30:00-11:30", "2025-10-25T14:00:00Z"),
        ("2025-10-25T02:30:00.5Z", "2025-10-25T02:30:00.500000Z"),
    ],
)
def test_a_time_is_stored_in_utc(phone, written: str, stored: str):
    opened = phone.open(capture_context={"hauled_out_at": written})
    context = phone.get(f"/inspections/{opened['inspection_id']}").json()["capture_context"]
    assert context["hauled_out_at"] == stored


def test_a_lift_out_in_the_future_is_refused(phone):
    for ahead in (timedelta(minutes=11), timedelta(days=1), timedelta(days=3650)):
        context = {"hauled_out_at": (timezone.now() + ahead).isoformat()}
        answer = phone.post("/inspections", {"mode": "corrosion", "capture_context": context})
        assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"capture_context.hauled_out_at"}
    a_clock_ahead = {"hauled_out_at": (timezone.now() + timedelta(minutes=2)).isoformat()}
    assert phone.post("/inspections", {"mode": "corrosion", "capture_context": a_clock_ahead}).status_code == 201


def test_the_message_about_a_missing_mode_fits_body_and_query(phone):
    for answer in (phone.post("/inspections", {}), phone.get("/inspections")):
        assert refused(answer, 400, "MODE_REQUIRED")["message"] == "Say which mode: osmosis or corrosion."


@pytest.mark.parametrize("code", ["12345", "abcdef", "1234567"])
def test_the_message_about_an_invalid_code_shows_an_example(phone, code):
    said = refused(phone.post("/auth/email/verify", {"code": code}), 400, "VALIDATION_ERROR")["fields"]["code"]
    assert said == ["A code has 6 digits, such as 123456."]
