"""Test hostile bodies and headers: huge numbers, depth, duplicate keys, endless headers. Never a 500."""

import json

import pytest

from testing.phone import Phone, caller
from testing.surveys import place_of, surveyor_in
from tests.contract.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
DEEP = b'{"a":' * 4000 + b"1" + b"}" * 4000


def post(phone, body: bytes, path: str = "/v1/inspections", **extra: str):
    return phone.client.generic("POST", path, body, content_type="application/json", **extra)


@pytest.mark.parametrize(
    "points", ["1e999", "-1e999", "1e-999", "9" * 4000, "0." + "1" * 4000, "1e5", "-0", "0x10", "1_000", "Infinity"]
)
def test_a_huge_number_is_refused(phone, points):
    answer = post(phone, f'{{"mode": "corrosion", "points": {points}}}'.encode())
    assert answer.status_code == 400
    refused(answer, 400, answer.json()["error_code"])


@pytest.mark.parametrize("body", [DEEP, b"[" * 100_000, b'{"mode": ' + DEEP + b"}"], ids=["objects", "open", "inside"])
def test_a_deeply_nested_body_is_refused(phone, body):
    answer = post(phone, body)
    refused(answer, 400, answer.json()["error_code"])


def test_the_last_value_of_a_duplicate_key_counts(phone):
    """The last value counts, as in all parsers the phones use; a proxy that reads the first decides nothing here."""
    answer = post(phone, b'{"mode": "osmosis", "mode": "corrosion"}')
    assert (answer.status_code, answer.json()["mode"]) == (201, "corrosion")


def test_a_body_with_many_unknown_keys_is_accepted(phone):
    body = b'{"mode": "corrosion",' + b",".join(b'"k%d": 1' % number for number in range(15_000)) + b"}"
    assert post(phone, body).status_code == 201


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "ten", "٣"])
def test_an_invalid_content_length_causes_no_500(phone, length):
    answer = post(phone, b'{"mode": "corrosion"}', CONTENT_LENGTH=length)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        refused(answer, answer.status_code, answer.json()["error_code"])


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "no-such"])
def test_a_body_with_another_charset_is_read_as_utf_8_or_refused(phone, charset):
    answer = phone.client.generic(
        "POST", "/v1/inspections", b'{"mode": "corrosion"}', content_type=f"application/json; charset={charset}"
    )
    assert answer.status_code in (201, 400, 415)


@pytest.mark.parametrize(
    "header",
    ["HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY", "HTTP_IF_NONE_MATCH", "HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID"],
)
@pytest.mark.parametrize("value", ["x" * 60_000, "\x00", "\xff\xfe", ",", "Bearer " + "." * 5000], ids=len)
def test_no_header_causes_a_500(phone, header, value):
    client = caller() if header == "HTTP_AUTHORIZATION" else phone.client
    for path in ("/v1/auth/me", "/v1/inspections"):
        answer = client.generic(
            "POST", path, b'{"mode": "corrosion"}', content_type="application/json", **{header: value}
        )
        assert answer.status_code < 500, answer.content


@pytest.mark.parametrize(
    "token",
    [
        "x",
        ".",
        "..",
        "a.b",
        "é.ü",
        "\ud800",
        "a\x00b",
        " ",
        "=" * 200,
        "x" * 201,
        "A" * 30 + "." + "A" * 43,
        "🙂",
        "\n",
    ],
    ids=ascii,
)
def test_a_hostile_code_of_an_appointment_is_not_found_or_refused(token):
    surveyor = surveyor_in()
    body = json.dumps({"token": token, "place_id": str(place_of(surveyor).pk)})
    answer = post(Phone.of(surveyor.user), body.encode(), "/v1/check-ins")
    if answer.status_code == 200:
        assert answer.json()["result"] == "NOT_FOUND"
    else:
        assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"token"}


def test_a_foreign_host_is_refused(settings):
    settings.ALLOWED_HOSTS = ["api.example.org"]
    refused(caller().get("/v1/products", HTTP_HOST="evil.example.org"), 400, "VALIDATION_ERROR")
