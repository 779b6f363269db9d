"""Test the headers and the schema of a deprecated operation, with views of this file: nothing is deprecated today."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from maretech.common.http.deprecation import deprecated
from maretech.common.http.errors import NotFound
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import OPEN, APIViewSet, routes
from testing.openapi.operations import operations

SINCE, SUNSET = date(2026, 12, 1), date(2028, 1, 1)
HEADERS = {"Deprecation": "@1796083200", "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT"}
CHANGELOG = Path(__file__).parents[3] / "docs" / "changelog.md"


class OldView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @deprecated(since=SINCE, sunset=SUNSET)
    @extend_schema(operation_id="get_old", responses=responses({204: None}, errors=(404,), signed_in=False))
    def get(self, request: Request) -> Response:
        """Show the old."""
        if "missing" in request.query_params:
            raise NotFound
        return Response(status=204)

    @extend_schema(operation_id="add_old", request=None, responses=responses({204: None}, signed_in=False))
    def post(self, request: Request) -> Response:
        """Add to the old."""
        return Response(status=204)


class OldViewSet(APIViewSet):
    @extend_schema(operation_id="list_things", responses=responses({204: None}))
    @deprecated(since=SINCE, sunset=SUNSET)
    @action(detail=False, **OPEN)
    def things(self, request: Request) -> Response:
        """List the things."""
        return Response(status=204)

    @extend_schema(operation_id="list_others", responses=responses({204: None}))
    @action(detail=False, **OPEN)
    def others(self, request: Request) -> Response:
        """List the others."""
        return Response(status=204)


urlpatterns = [path("v1/old", OldView.as_view()), *routes({"v1/set": OldViewSet})]


def sent(answer) -> dict[str, str]:
    return {name: answer[name] for name in HEADERS if name in answer}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("url", "status"), [("/v1/old", 204), ("/v1/old?missing", 404), ("/v1/set/things", 204)])
def test_every_answer_of_a_deprecated_operation_has_both_headers(url: str, status: int, client):
    answer = client.get(url)
    assert (answer.status_code, sent(answer)) == (status, HEADERS)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_other_operations_of_the_same_view_have_neither(client):
    assert client.get("/v1/set/others").status_code == 204
    for answer in (client.get("/v1/set/others"), client.post("/v1/old"), client.get("/v1/unknown")):
        assert sent(answer) == {}


def test_the_schema_marks_exactly_the_deprecated_operations():
    paths = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)["paths"]
    found = {one["operationId"]: one for path_item in paths.values() for one in path_item.values()}
    assert {name for name, one in found.items() if one.get("deprecated")} == {"get_old", "list_things"}
    assert found["get_old"]["x-sunset"] == "2028-01-01"
    for name in HEADERS:
        assert all(name in answer["headers"] for answer in found["get_old"]["responses"].values())
        assert not any(name in answer["headers"] for answer in found["add_old"]["responses"].values())


def test_less_notice_than_the_guide_promises_is_refused():
    with pytest.raises(ValueError, match="less than the promised notice"):
        deprecated(since=SINCE, sunset=SINCE + timedelta(days=364))


def test_the_changelog_names_every_deprecated_operation_with_its_sunset():
    text = CHANGELOG.read_text()
    for one in operations():
        if one.spec.get("deprecated"):
            assert re.search(rf"`{one}`.*{one.spec['x-sunset']}", text), str(one)
