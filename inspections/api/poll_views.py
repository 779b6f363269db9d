"""The two polls of a phone at the hull, which gets more answers from them than from all other routes.

They are lean views and write their bodies by hand. As a viewset with a serializer, a request takes 1.6 times the CPU
(status) or 1.7 times (photo), measured in one process on Postgres, middleware included. `python -m testing.poll_cost`
repeats the figure of the status poll.
"""

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema

from accounts.api.lean import LeanView
from accounts.identity.tokens import AccessClaims
from inspections.api.asset_query import PolledAsset, asset_of
from inspections.api.polling import POLL_HEADERS, link_period, poll_response
from inspections.api.serializers import AssetSerializer, InspectionStatusSerializer
from inspections.lifecycle.status_query import status_of
from inspections.vocabulary import InspectionStatus, Mode
from maretech.common.http.openapi import BEARER, responses
from maretech.common.http.output_fields import view_url

# Only a mode that compares visits measures the framing; no answer of another mode has the key.
MODES_WITH_FRAMING: Final = frozenset({Mode.CORROSION})


class StatusView(LeanView):
    throttle_scope = "poll"

    @extend_schema(
        operation_id="get_inspection_status",
        auth=BEARER,
        parameters=POLL_HEADERS,
        responses=responses(
            {200: InspectionStatusSerializer, 304: OpenApiResponse(description="Unchanged")}, errors=(404,)
        ),
    )
    def get(self, request: HttpRequest, inspection_id: UUID, claims: AccessClaims) -> HttpResponse:
        """Poll an inspection.

        Returns where the analysis is. Send the last `ETag` as `If-None-Match` to get 304, and wait `Retry-After`
        seconds between calls.
        """
        body = status_of(inspection_id, claims=claims, admit=partial(self.admit, request))
        return poll_response(request, body, work_is_open=body["status"] == InspectionStatus.PROCESSING)


class AssetView(LeanView):
    throttle_scope = "poll"

    @extend_schema(
        operation_id="get_asset",
        auth=BEARER,
        parameters=POLL_HEADERS,
        responses=responses({200: AssetSerializer, 304: OpenApiResponse(description="Unchanged")}, errors=(404,)),
    )
    def get(self, request: HttpRequest, asset_id: UUID, claims: AccessClaims) -> HttpResponse:
        """Poll one photo.

        Returns whether the photo can be used, and what to do if not. Send the last `ETag` as `If-None-Match` to get
        304; while the check is running, wait `Retry-After` seconds between calls. A photo that another has replaced is
        404.
        """
        asset = asset_of(asset_id, claims=claims, admit=partial(self.admit, request))
        tag = f"{asset} {link_period() if asset.view_uri else ''}"
        return poll_response(request, _body(asset, request), work_is_open=asset.is_being_checked, tagged=tag)


def _body(asset: PolledAsset, request: HttpRequest) -> dict[str, Any]:
    body = {
        "asset_id": asset.asset_id,
        "slot_id": asset.slot_id,
        "point_index": asset.point_index,
        "angle": asset.angle,
        "state": asset.state,
        "warnings": asset.warnings,
        "retake_reasons": asset.retake_reasons,
        "view_url": view_url(asset.view_uri, request),
    }
    return body | {"framing": asset.framing} if asset.mode in MODES_WITH_FRAMING else body
