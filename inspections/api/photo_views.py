"""Photos over REST: announce one for a point, and report its upload."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from inspections.api.serializers import DeclaredPhotoSerializer, DeclarePhotoSerializer, PhotoSerializer
from inspections.capture import uploads
from inspections.lifecycle.status_query import POLL_SECONDS
from inspections.models import Inspection, MediaAsset
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, location, responses, retry_after
from maretech.common.http.viewsets import APIViewSet


class SlotViewSet(APIViewSet):
    lookup_url_kwarg = "slot_id"

    @extend_schema(
        operation_id="announce_photo",
        parameters=[IDEMPOTENCY_KEY],
        request=DeclarePhotoSerializer,
        responses=responses(
            {
                201: DeclaredPhotoSerializer,
                200: OpenApiResponse(DeclaredPhotoSerializer, description="The same photo, with a fresh link"),
            },
            errors=(400, 404, 409, 413, 415, 422),
        ),
    )
    @action(detail=True, methods=["post"])
    def assets(self, request: Request, slot_id: UUID) -> Response:
        """Announce a photo.

        Returns an upload link that takes exactly this type, length and SHA-256. The same photo again gets a fresh
        link with 200; another photo for the angle replaces the one before.
        """
        serializer = DeclarePhotoSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        declared = uploads.PhotoDeclaration(
            angle=serializer.validated_data["angle"],
            content_type=serializer.validated_data["content_type"],
            byte_size=serializer.validated_data["byte_size"],
            sha256=serializer.validated_data["sha256"].lower(),
            capture=serializer.data.get("capture", {}),
        )

        def effect() -> Outcome:
            asset, created = uploads.declare_photo(owner=caller(request), slot_id=slot_id, declared=declared)
            return Outcome(201 if created else 200, {"asset_id": str(asset.pk)})

        def present(reference: dict[str, Any]) -> Any:
            own = MediaAsset.objects.filter(slot__inspection__in=Inspection.objects.owned_by(caller(request)))
            asset = get_object_or_404(own.select_related("slot__inspection__policy"), pk=reference["asset_id"])
            target = uploads.upload_target(asset, asset.slot.inspection.policy)
            return DeclaredPhotoSerializer(
                {"asset": asset, "target": target}, context=self.get_serializer_context()
            ).data

        return run_idempotent(request, effect=effect, present=present)


class AssetViewSet(APIViewSet):
    lookup_url_kwarg = "asset_id"

    @extend_schema(
        operation_id="report_upload",
        request=None,
        responses=responses({202: PhotoSerializer}, errors=(404, 409)),
        parameters=[location(202), retry_after(202)],
    )
    @action(detail=True, methods=["post"])
    def uploaded(self, request: Request, asset_id: UUID) -> Response:
        """Report a finished upload.

        Starts the check of this photo while the owner is at the hull.
        """
        asset = uploads.confirm_upload(owner=caller(request), asset_id=asset_id)
        headers = {
            "Location": request.build_absolute_uri(reverse("asset", args=[asset.pk])),
            "Retry-After": str(POLL_SECONDS),
        }
        photo = PhotoSerializer(asset, context=self.get_serializer_context()).data
        return Response(photo, status=202, headers=headers)
