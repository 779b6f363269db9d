"""Polled routes: the status of an inspection, and its result."""

import hashlib
import time
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.api.lean import ClaimsView, LeanView
from accounts.identity.authentication import claims_of
from accounts.identity.tokens import AccessClaims
from inspections.api import presentation
from inspections.api.asset_query import PolledAsset, asset_of
from inspections.api.serializers import (
    AssetSerializer,
    CorrosionResultSerializer,
    InspectionStatusSerializer,
    OsmosisResultSerializer,
)
from inspections.errors import InspectionFailed, ResultNotReady
from inspections.lifecycle.status_query import POLL_SECONDS, inspection_of, status_of
from inspections.vocabulary import InspectionStatus
from maretech.common.http.conditional import is_known
from maretech.common.http.openapi import BEARER, answers
from maretech.common.http.output import view_url

POLL_HEADERS = [OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)]


class StatusView(LeanView):
    rate_limit = "poll"

    @extend_schema(
        operation_id="inspection_status",
        auth=BEARER,
        parameters=POLL_HEADERS,
        responses=answers(
            {200: InspectionStatusSerializer, 304: OpenApiResponse(description="Unchanged")}, errors=(404,)
        ),
    )
    def get(self, request: HttpRequest, inspection_id: UUID, claims: AccessClaims) -> HttpResponse:
        """Poll an inspection.

        Returns where the analysis is. Send the last `ETag` as `If-None-Match` to get 304, and wait `Retry-After`
        seconds between calls.
        """
        body = status_of(inspection_id, claims=claims, admit=partial(self.admit, request))
        return polled(request, body, work_is_open=body["status"] == InspectionStatus.PROCESSING)


class ResultView(ClaimsView):
    rate_limit = "poll"

    @extend_schema(
        operation_id="inspection_result",
        auth=BEARER,
        parameters=POLL_HEADERS,
        responses=answers(
            {
                200: PolymorphicProxySerializer(
                    component_name="Result",
                    serializers={"corrosion": CorrosionResultSerializer, "osmosis": OsmosisResultSerializer},
                    resource_type_field_name="mode",
                ),
                304: OpenApiResponse(description="Unchanged"),
            },
            errors=(404, 409),
        ),
    )
    def get(self, request: Request, inspection_id: UUID) -> HttpResponse:
        """Read the result.

        Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
        `RESULT_NOT_READY`. A result never changes; only its links are signed again.
        """
        admit = partial(self.admit, request)
        inspection = inspection_of(inspection_id, claims=claims_of(request), admit=admit)
        if inspection.status == InspectionStatus.FAILED:
            raise InspectionFailed(reason=inspection.failure_reason)
        if inspection.status != InspectionStatus.COMPLETED:
            waits = inspection.status == InspectionStatus.PROCESSING
            raise ResultNotReady(retry_after=POLL_SECONDS if waits else None)
        # A result never changes, but its links expire: a phone is sent a fresh body before the ones it has run out.
        tag = f"{inspection.pk} {inspection.result.model_version} {_age_of_links()}"
        return polled(request, presentation.result(inspection.result, request), work_is_open=False, tagged=tag)


class AssetView(LeanView):
    rate_limit = "poll"

    @extend_schema(
        operation_id="asset_detail",
        auth=BEARER,
        parameters=POLL_HEADERS,
        responses=answers({200: AssetSerializer, 304: OpenApiResponse(description="Unchanged")}, errors=(404,)),
    )
    def get(self, request: HttpRequest, asset_id: UUID, claims: AccessClaims) -> HttpResponse:
        """Poll one photo.

        Returns whether the photo can be used, and what to do if not. Send the last `ETag` as `If-None-Match` to get
        304; while the check is running, wait `Retry-After` seconds between calls. A photo that another has replaced is
        404.
        """
        asset = asset_of(asset_id, claims=claims, admit=partial(self.admit, request))
        tag = f"{asset} {_age_of_links() if asset.view_uri else ''}"
        return polled(request, _written(asset, request), work_is_open=asset.is_being_checked, tagged=tag)


def _written(asset: PolledAsset, request: HttpRequest) -> dict[str, Any]:
    """Return the body. A serializer would double the time of a poll."""
    return {
        "asset_id": asset.asset_id,
        "slot_id": asset.slot_id,
        "point_index": asset.point_index,
        "angle": asset.angle,
        "state": asset.state,
        "warnings": asset.warnings,
        "retake_reasons": asset.retake_reasons,
        "view_url": view_url(asset.view_uri, request),
    }


def _age_of_links() -> int:
    """Changes before the links signed since its last change run out, and at no other time."""
    return int(time.time() // (settings.VIEW_LINK_SECONDS / 2))


def polled(
    request: HttpRequest | Request, body: dict[str, Any], *, work_is_open: bool, tagged: str = ""
) -> HttpResponse:
    """A body with its `ETag`, or 304 for a phone that has it; `Retry-After` while work is open."""
    content = JSONRenderer().render(body)
    etag = f'"{hashlib.sha256(tagged.encode() or content).hexdigest()[:32]}"'
    response = (
        HttpResponseNotModified() if is_known(request, etag) else HttpResponse(content, content_type="application/json")
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if work_is_open:
        response["Retry-After"] = str(POLL_SECONDS)
    return response
