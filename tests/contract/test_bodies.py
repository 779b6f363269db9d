"""Test request bodies: bounded JSON objects of the right type, or a refusal that says what was wrong."""

import json

import pytest

from accounts.models import User
from testing.openapi.operations import Operation, fields_of, operations
from testing.phone import Phone, caller
from testing.surveys import disputed_of, over_of, review_of
from tests.contract.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
WITH_A_BODY = [operation for operation in operations() if operation.takes_json]
MALFORMED = {
    "cut": b"{",
    "empty text": b" ",
    "array": b"[]",
    "number": b"7",
    "text": b'"x"',
    "null": b"null",
    "true": b"true",
    "trailing": b"{}{}",
    "single quotes": b"{'a': 1}",
    "not a number": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "not utf-8": b'{"a": "\xff\xfe"}',
    "a number of five thousand digits": b'{"a": ' + b"9" * 5000 + b"}",
    "a hundred thousand brackets": b'{"a": ' + b"[" * 100_000,
    "deep but closed": b'{"a": ' + b"[" * 60_000 + b"]" * 60_000 + b"}",
}


def send(phone: Phone, operation: Operation, body: bytes, content_type: str = "application/json"):
    client = caller() if operation.is_open else phone.client
    return client.generic(operation.method, operation.url(), body, content_type=content_type)


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=str)
def test_a_body_other_than_a_json_object_is_refused(operation: Operation, phone):
    for kind, body in MALFORMED.items():
        answer = send(phone, operation, body)
        assert answer.status_code == 400, (kind, answer.content[:300])
        refused(answer, 400, "MALFORMED_JSON")


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=str)
def test_another_content_type_is_refused(operation: Operation, phone):
    for content_type in ("text/plain", "application/xml", "application/jsonp", ";", *FORMS):
        refused(send(phone, operation, b"{}", content_type), 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=str)
def test_a_body_over_the_limit_is_refused(operation: Operation, phone, settings):
    body = b'{"padding": "' + b"x" * settings.MAX_REQUEST_BODY_BYTES + b'"}'
    refused(send(phone, operation, body), 413, "PAYLOAD_TOO_LARGE")


def test_a_body_of_exactly_the_limit_is_accepted(phone, settings):
    frame = b'{"mode": "submarine", "padding": ""}'
    body = frame.replace(b'""', b'"' + b"x" * (settings.MAX_REQUEST_BODY_BYTES - len(frame)) + b'"')
    assert len(body) == settings.MAX_REQUEST_BODY_BYTES
    answer = phone.client.generic("POST", "/v1/inspections", body, content_type="application/json")
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"mode"}


VALUES = {
    "nul": '"a\\u0000b"',
    "lone surrogate": '"\\ud800"',
    "null": "null",
    "object": '{"a": 1}',
    "array": "[[]]",
    "negative": "-1",
    "overflowing": "1e400",
    "huge": "9" * 400,
    "true": "true",
    "long text": '"' + "x" * 30_000 + '"',
    "blank": '" "',
}


@pytest.mark.parametrize("operation", WITH_A_BODY, ids=str)
def test_no_value_of_any_field_causes_a_500(operation: Operation, phone, stranger):
    """Each documented field with each value: no crash, and every refusal has the one shape."""
    good = operation.body()
    ids = ids_of_an_open_inspection(phone) | ids_of_surveys(phone, stranger) if operation.names_an_id else {}
    fields = fields_of(operation.spec["requestBody"]["content"]["application/json"]["schema"])
    for field in [*fields, "nobody_asked_for_this"]:
        for kind, value in VALUES.items():
            body = json.dumps(good | {field: "HERE"}).replace('"HERE"', value)
            client = caller() if operation.is_open else phone.client
            answer = client.generic(operation.method, operation.url(ids), body, content_type="application/json")
            assert answer.status_code < 500, (field, kind, answer.content)
            if answer.status_code >= 400:
                refused(answer, answer.status_code, answer.json()["error_code"])


def ids_of_an_open_inspection(phone: Phone) -> dict[str, str]:
    opened = phone.open()
    upload = opened["uploads"][0]
    ids = {"inspection_id": opened["inspection_id"], "vessel_id": phone.add_vessel("Tern")["vessel_id"]}
    return {**ids, **{name: upload[name] for name in ("slot_id", "asset_id")}}


def ids_of_surveys(phone: Phone, stranger: User) -> dict[str, str]:
    """Return an appointment that is over, an open dispute, and another owner's review."""
    over = over_of(phone.owner)
    ids = {"appointment_id": over.pk, "surveyor_id": over.surveyor_id, "dispute_id": disputed_of(phone.owner).pk}
    return {name: str(pk) for name, pk in {**ids, "review_id": review_of(stranger).pk}.items()}


def test_a_nul_or_a_lone_surrogate_in_a_text_is_refused_under_its_field(phone):
    for text in ("a\x00b", "\ud800"):
        for field in ("label", "vessel_label"):
            body = json.dumps({"mode": "corrosion", field: text})
            answer = phone.client.generic("POST", "/v1/inspections", body, content_type="application/json")
            assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {field}


@pytest.mark.parametrize("query", ["mode=corrosion%00", "mode=%ff", "mode=corrosion&cursor=%00", "mode[]=corrosion"])
def test_an_invalid_query_is_a_bad_request(phone, query: str):
    answer = phone.get(f"/inspections?{query}")
    refused(answer, 400, answer.json()["error_code"])


def test_a_nested_error_names_its_field_with_dots(phone):
    body = {"mode": "corrosion", "capture_context": {"surface": "oily", "hull_material": "gold"}}
    fields = refused(phone.post("/inspections", body), 400, "VALIDATION_ERROR")["fields"]
    assert set(fields) == {"capture_context.surface", "capture_context.hull_material"}
    assert all(isinstance(text, str) for texts in fields.values() for text in texts)
