"""Test that the account routes behave as the schema says."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.urls import urlpatterns


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    return dict(schema["paths"])


def test_the_schema_has_every_route_with_the_common_errors(paths: dict[str, Any]) -> None:
    assert len(paths) == len(urlpatterns)
    for operations in paths.values():
        for operation in operations.values():
            assert {"429", "500", "503"} <= operation["responses"].keys()


def test_only_signed_in_routes_require_a_bearer_token(paths: dict[str, Any]) -> None:
    signed_in = {
        path
        for path, operations in paths.items()
        for one in operations.values()
        if one.get("security") == [{"bearer": []}]
    }
    assert {path.partition("auth/")[2] for path in signed_in} == {
        "email/change",
        "email/verify",
        "email/verify/resend",
        "logout",
        "me",
        "me/consents",
        "me/devices",
        "me/devices/{device_id}",
        "me/erasure",
        "me/export",
        "me/sessions",
        "me/sessions/{session_id}",
        "password/change",
        "step-up",
        "step-up/verify",
    }
