"""Test the API documentation: texts, tags and recorded examples of every operation."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from maretech.api_docs.hooks import EXAMPLES, OPEN_ENUMS
from maretech.common.http.openapi import ERROR_CODES
from testing.openapi.operations import Operation, component, operations, schema
from testing.web_purchases import selling
from tests.contract.examples import Headers, recorded, takes_key
from tests.contract.test_answers import documented

# Headers that clients act upon. `X-Request-ID` is on every answer, and test_request_ids.py tests it.
CLIENT_HEADERS = {"Deprecation", "ETag", "Idempotent-Replayed", "Location", "Retry-After", "Sunset"}


@pytest.mark.anywhere
@pytest.mark.django_db
def test_the_examples_and_headers_are_what_the_server_answers(settings, mailoutbox, tmp_path):
    settings.ENGINE = "trained"
    with selling(settings) as fake:
        answered, headers = recorded(fake, mailoutbox, settings, tmp_path)
    check_headers(headers)
    if os.environ.get("RECORD_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(answered, indent=1, ensure_ascii=False) + "\n")
    assert answered == json.loads(EXAMPLES.read_text()), "run: make examples"


def check_headers(sent: Headers) -> None:
    """Assert that answers have the documented headers only, and that each documented one of a success is sent."""
    documented = {
        (one.spec["operationId"], status): CLIENT_HEADERS & set(response["headers"])
        for one in operations()
        for status, response in one.spec["responses"].items()
    }
    undocumented = {
        place: CLIENT_HEADERS & names - documented[place] for place, names in sent.items() if place in documented
    }
    assert not {place: names for place, names in undocumented.items() if names}
    unsent = {place: names - sent.get(place, set()) for place, names in documented.items() if place[1] < "400"}
    assert not {place: names for place, names in unsent.items() if names}


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_has_a_summary_a_description_and_an_explained_tag(operation: Operation):
    assert operation.spec.get("summary")
    assert operation.spec.get("description")
    explained = {tag["name"] for tag in schema()["tags"] if tag["description"]}
    assert set(operation.spec["tags"]) <= explained


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_has_valid_examples_of_its_request_and_of_each_answer(operation: Operation):
    if operation.takes_json:
        content = operation.spec["requestBody"]["content"]["application/json"]
        valid(content["example"], content["schema"])
    for status, response in operation.spec["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content is not None:
            assert content.get("examples"), (str(operation), status)
            for example in content["examples"].values():
                valid(resolved(example)["value"], content["schema"])


# An operation's own errors, by error code or reason, in the words of docs/contract.md and the views.
OWN = {
    "cancel_appointment": "BEGUN",
    "open_appointment_checkout": "EMAIL_UNVERIFIED NOT_HELD IDEMPOTENCY_IN_PROGRESS IDEMPOTENCY_KEY_REUSED",
    "get_appointment_code": "VALIDATION_ERROR NOT_CONFIRMED",
    "complete_appointment": "FORBIDDEN NOT_CHECKED_IN NOT_BEGUN",
    "dispute_appointment": "VALIDATION_ERROR NOT_OVER TOO_LATE DECIDED",
    "get_appointment_dossier": "NOT_FOUND",
    "hold_appointment": "VALIDATION_ERROR EMAIL_UNVERIFIED NOT_FOUND SLOT_TAKEN TOO_MANY_HOLDS OWN_OFFER not_final "
    "handed_over",
    "mark_no_show": "FORBIDDEN NOT_CONFIRMED NOT_OVER",
    "report_upload": "UPLOADS_MISSING",
    "verify_email": "VALIDATION_ERROR EMAIL_TAKEN",
    "log_in": "INVALID_CREDENTIALS",
    "get_account": "expired revoked",
    "change_password": "VALIDATION_ERROR INVALID_CREDENTIALS",
    "refresh_tokens": "revoked",
    "register_account": "VALIDATION_ERROR EMAIL_TAKEN",
    "check_in_appointment": "VALIDATION_ERROR FORBIDDEN CHECKED_IN DUPLICATE UNPAID NOT_FOUND WRONG_PLACE EXPIRED",
    "open_checkout": "ALREADY_SUBSCRIBED IDEMPOTENCY_IN_PROGRESS IDEMPOTENCY_KEY_REUSED",
    "compare_corrosion": "INVALID_COMPARISON MODE_MISMATCH PAYWALL_UI_035",
    "list_corrosion_ghosts": "MODE_MISMATCH NOT_FOUND PAYWALL_UI_035 VALIDATION_ERROR",
    "list_corrosion_history": "PAYWALL_UI_035",
    "add_corrosion_maintenance": "VALIDATION_ERROR PAYWALL_UI_035 NOT_FOUND",
    "list_corrosion_maintenance": "PAYWALL_UI_035",
    "delete_corrosion_maintenance": "PAYWALL_UI_035 NOT_FOUND",
    "set_corrosion_reminder": "PAYWALL_UI_035 VALIDATION_ERROR",
    "list_corrosion_reminders": "PAYWALL_UI_035 VALIDATION_ERROR",
    "get_corrosion_timeline": "VALIDATION_ERROR PAYWALL_UI_035 NOT_FOUND",
    "get_corrosion_timeline_chart": "VALIDATION_ERROR PAYWALL_UI_035 NOT_FOUND",
    "get_dispute": "open resolved NOT_FOUND",
    "explain_dispute": "VALIDATION_ERROR NOT_FOUND RESOLVED TOO_MANY_ATTEMPTS",
    "deliver_dossier": "VALIDATION_ERROR EMAIL_UNVERIFIED not_final",
    "finalise_dossier": "EMAIL_UNVERIFIED not_a_draft",
    "open_dossier": "VALIDATION_ERROR EMAIL_UNVERIFIED too_old",
    "get_dossier_pdf": "not_final",
    "announce_recording": "VALIDATION_ERROR EMAIL_UNVERIFIED not_a_draft",
    "report_recording_upload": "EMAIL_UNVERIFIED UPLOADS_MISSING",
    "refine_statement": "EMAIL_UNVERIFIED not_a_draft TOO_MANY_REFINEMENTS",
    "share_dossier": "VALIDATION_ERROR EMAIL_UNVERIFIED not_final",
    "cancel_handover": "FORBIDDEN HANDOVER_CLOSED",
    "confirm_handover": "VALIDATION_ERROR EMAIL_UNVERIFIED HANDOVER_CLOSED",
    "decline_handover": "FORBIDDEN HANDOVER_CLOSED",
    "dispute_handover": "VALIDATION_ERROR EMAIL_UNVERIFIED NOT_COMPLETED",
    "get_health": "ok",
    "get_readiness": "ok unavailable",
    "complete_inspection": "PAYMENT_REQUIRED UPLOADS_MISSING INSPECTION_CLOSED",
    "delete_inspection": "VESSEL_IN_HANDOVER",
    "open_point": "PAYWALL_UI_035 POINT_LIMIT_REACHED INSPECTION_CLOSED TOO_MANY_UPLOADS_OF_OWNER",
    "get_inspection_result": "RESULT_NOT_READY expired",
    "submit_inspection": "PAYMENT_REQUIRED UPLOADS_MISSING INSPECTION_CLOSED",
    "list_inspections": "MODE_REQUIRED VALIDATION_ERROR",
    "open_inspection": "MODE_REQUIRED VALIDATION_ERROR PAYMENT_REQUIRED PAYWALL_UI_035 TOO_MANY_UPLOADS_OF_OWNER",
    "cancel_order": "ORDER_NOT_CANCELLABLE IDEMPOTENCY_IN_PROGRESS",
    "mock_osmosis_payment": "NOT_FOUND",
    "request_step_up": "EMAIL_UNVERIFIED EMAIL_CHANGED",
    "verify_step_up": "VALIDATION_ERROR",
    "report_review": "VALIDATION_ERROR EMAIL_UNVERIFIED NOT_FOUND OWN_REVIEW ALREADY_REPORTED",
    "announce_photo": "INSPECTION_CLOSED TOO_MANY_UPLOADS_FOR_ANGLE TOO_MANY_BYTES_IN_INSPECTION "
    "TOO_MANY_UPLOADS_OF_OWNER IDEMPOTENCY_IN_PROGRESS",
    "list_own_appointments": "VALIDATION_ERROR FORBIDDEN",
    "list_own_payouts": "VALIDATION_ERROR FORBIDDEN",
    "review_surveyor": "VALIDATION_ERROR EMAIL_UNVERIFIED NOT_FOUND NOT_COMPLETED ALREADY_REVIEWED",
    "list_appointment_slots": "VALIDATION_ERROR NOT_FOUND",
    "list_surveyors": "VALIDATION_ERROR",
    "change_vessel": "VALIDATION_ERROR VESSEL_NAME_TAKEN",
    "delete_vessel": "VESSEL_IN_HANDOVER",
    "offer_handover": "VALIDATION_ERROR EMAIL_UNVERIFIED VESSEL_IN_HANDOVER INSPECTION_OPEN",
    "upload_object": "VALIDATION_ERROR FORBIDDEN NOT_FOUND PAYLOAD_TOO_LARGE",
    "get_stored_object": "FORBIDDEN NOT_FOUND",
    "mock_corrosion_subscription": "NOT_FOUND",
    "verify_dossier": "VALID NOT_FOUND",
    "receive_app_store_event": "VALIDATION_ERROR PAYLOAD_TOO_LARGE",
    "receive_mail_event": "VALIDATION_ERROR PAYLOAD_TOO_LARGE",
    "receive_play_store_event": "VALIDATION_ERROR PAYLOAD_TOO_LARGE",
    "receive_stripe_event": "VALIDATION_ERROR PAYLOAD_TOO_LARGE",
}
CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
NAMES = {*ERROR_CODES, *re.findall(r"PAYWALL_UI_\d+|TOO_MANY_[A-Z_]+", CONTRACT)}
CALLS = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[\w/{}-]+)")


def examples_of(operation: Operation) -> dict[str, dict[str, Any]]:
    contents = [
        answer.get("content", {}).get("application/json", {}) for answer in operation.spec["responses"].values()
    ]
    return {name: resolved(each) for content in contents for name, each in content.get("examples", {}).items()}


def test_every_documented_error_of_an_operation_has_an_example():
    found = {one.spec["operationId"]: set(examples_of(one)) for one in operations()}
    missing = {name: set(said.split()) - found[name] for name, said in OWN.items()}
    for one in operations():
        named = set(re.findall(r"\w+", one.spec["description"])) & NAMES
        missing[f"the description of {one}"] = named - _codes(one)
    assert not {where: names for where, names in missing.items() if names}


def test_every_error_in_the_contract_has_an_example_at_its_call():
    missing = {}
    for line in CONTRACT.splitlines():
        calls = [documented(method, f"/v1{path}") for method, path in CALLS.findall(line) if is_built(path)]
        named = set(re.findall(r"[A-Z_]{5,}(?:\d+)?", line)) & NAMES
        if calls and named:
            missing[line[:60]] = named - {code for one in calls for code in _codes(one)}
    assert len(missing) > 5, "the contract is written otherwise now"
    assert not {line: names for line, names in missing.items() if names}


def test_every_call_in_the_contract_is_built_or_marked():
    for line in CONTRACT.splitlines():
        for _, path in re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE)[/A-Z]*) (/[\w/{}-]+)", line):
            marked = "not built yet" in line
            assert marked != (is_built(path) or is_built_elsewhere(path)), (path, "marked" if marked else "not marked")


def is_built_elsewhere(path: str) -> bool:
    """Return whether the route belongs to no version of the API: the health of a process."""
    return path.startswith("/health")


def is_built(path: str) -> bool:
    return any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path), f"/v1{path}") for one in operations())


def _codes(operation: Operation) -> set[str]:
    """Return the error codes, the reasons, and the results of a verification."""
    bodies = [example["value"] for example in examples_of(operation).values()]
    return {str(body[name]) for body in bodies for name in ("error_code", "reason", "result") if name in body}


def test_no_operation_has_an_example_of_an_error_that_it_cannot_give():
    """Without a key nothing is in progress, and without a token none can be missing."""
    for one in operations():
        assert takes_key(one) == ("IDEMPOTENCY_IN_PROGRESS" in examples_of(one)), str(one)
        assert not (one.is_open and "AUTHENTICATION_REQUIRED" in examples_of(one)), str(one)


def test_every_code_and_reason_of_the_contract_has_an_example():
    seen = {code for one in operations() for code in _codes(one)}
    assert NAMES - seen <= {"METHOD_NOT_ALLOWED", "MALFORMED_JSON"}  # of every operation, and of none in particular


@pytest.mark.parametrize("name", ["stripe", "app-store", "play-store"])
def test_a_webhook_has_an_example_of_its_body(name: str):
    spec = Operation("POST", f"/v1/webhooks/{name}").spec
    assert spec["requestBody"]["content"]["application/json"]["example"]


def test_a_growing_enum_is_open_in_answers_and_closed_in_requests():
    assert component("Order")["properties"]["status"]["anyOf"] == [
        {"$ref": "#/components/schemas/OrderStatusEnum"},
        {"type": "string"},
    ]
    assert component("CheckoutRequest")["properties"]["product"] == {"$ref": "#/components/schemas/CheckoutProductEnum"}
    assert all("New values may be added" in component(name)["description"] for name in OPEN_ENUMS)


def test_no_component_has_a_generated_name():
    """The generator adds a hash to the second of two equal names, and would leave the names of our classes."""
    names = list(schema()["components"]["schemas"])
    assert not [name for name in names if re.search(r"\d|Serializer|Input|Output|RequestRequest|StatusStatus", name)]
    assert not {"KindEnum", "ReasonEnum", "ReasonsEnum", "StateEnum", "StatusEnum", "NullEnum"} & set(names)


def test_no_two_components_have_the_same_shape():
    by_shape: dict[str, list[str]] = {}
    for name, shape in schema()["components"]["schemas"].items():
        # A request may have the shape of an answer, as `CaptureContextRequest` has.
        place = json.dumps([name.endswith("Request"), without_descriptions(shape)], sort_keys=True)
        by_shape.setdefault(place, []).append(name)
    assert not [names for names in by_shape.values() if len(names) > 1]


def without_descriptions(node: Any) -> Any:
    if isinstance(node, dict):
        texts = {"description"} if isinstance(node.get("description"), str) else set()
        return {name: without_descriptions(each) for name, each in node.items() if name not in texts}
    return [without_descriptions(each) for each in node] if isinstance(node, list) else node


def test_every_open_enum_is_used_and_open_wherever_an_answer_has_it():
    answers = {name: shape for name, shape in schema()["components"]["schemas"].items() if not name.endswith("Request")}
    for name in OPEN_ENUMS:
        text, ref = json.dumps(answers, sort_keys=True), json.dumps({"$ref": f"#/components/schemas/{name}"})
        assert text.count(ref) == text.count(f'"anyOf": [{ref}, {{"type": "string"}}') > 0, name
    assert '"anyOf": [{"anyOf"' not in json.dumps(answers), "generators would name the inner one"


def test_no_description_only_repeats_the_values_of_an_enum():
    text = json.dumps(schema())
    assert "`too_dark` - " not in text
    assert "`open` - " not in text
    assert "`staff` - staff, without payment" in text, "what says more stays"


def resolved(example: dict[str, Any]) -> dict[str, Any]:
    """Return an example, or the shared one that it refers to."""
    if "$ref" in example:
        return schema()["components"]["examples"][example["$ref"].rpartition("/")[2]]
    return example


def valid(body: Any, shape: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({"components": schema()["components"], **shape}).validate(body)
