"""Test strict types: a string in the schema accepts only strings, and no number counts as text."""

import pytest

from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/inspections", {"mode": "corrosion", "label": 7}, "label"),
        ("/inspections", {"mode": "corrosion", "points": "2"}, "points"),
        ("/inspections", {"mode": "corrosion", "capture_context": {"region_text": 0}}, "capture_context.region_text"),
        ("/payments/validate", {"provider": "app_store", "receipt": 0}, "receipt"),
        ("/auth/me/devices", {"platform": "ios", "push_token": 12345}, "push_token"),
        ("/auth/login", {"email": "a@example.org", "password": 1234567890}, "password"),
        ("/auth/password/reset/confirm", {"email": "a@example.org", "code": 123456, "password": "x" * 12}, "code"),
    ],
)
def test_a_value_of_another_type_is_refused_under_its_field(phone, path, body, field):
    assert list(refused(phone.post(path, body), 400, "VALIDATION_ERROR")["fields"]) == [field]


def test_a_whole_number_may_be_written_with_a_point(phone):
    assert phone.post("/inspections", {"mode": "corrosion", "points": 2.0}).status_code == 201
