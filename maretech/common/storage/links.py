"""The embedded store's end of its signed links: the same contract a phone meets on S3, in the one error shape."""

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from maretech.common.errors import Forbidden, Invalid, NotFound, PayloadTooLarge
from maretech.common.openapi import answers
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectTooLarge
from maretech.common.storage.local import Link, LinkRefused, LocalStore, UploadRefused, content_type_of

MAX_IN_MEMORY_BYTES = 64 * 1024 * 1024


class StoredObjectView(APIView):
    """`PUT` takes exactly the photo the link was signed for; `GET` shows one object. The link itself is the right."""

    authentication_classes = []
    permission_classes = [AllowAny]
    rate_limit = "uploads"

    @extend_schema(
        operation_id="storage_upload",
        request={"image/*": {"type": "string", "format": "binary"}},
        responses=answers(
            {200: OpenApiResponse(description="Stored; `ETag` names the bytes")},
            errors=(400, 403, 404, 413),
            signed_in=False,
        ),
    )
    def put(self, request: Request, token: str) -> HttpResponse:
        """Upload to the embedded store.

        Takes exactly the photo that the link was signed for, as a raw body with the headers that the link names. The
        link itself is the right.
        """
        store, link = _opened(token, "PUT")
        http = request._request
        length = http.META.get("CONTENT_LENGTH") or ""
        try:
            etag = store.receive(
                link,
                http,  # type: ignore[arg-type]
                declared_length=int(length) if length.isascii() and length.isdecimal() else None,
                content_type=http.content_type or "",
            )
        except ObjectTooLarge:
            raise PayloadTooLarge from None
        except UploadRefused as exc:
            raise Invalid(upload=f"The {exc} is not the one this link was made for.") from None
        return HttpResponse(status=200, headers={"ETag": f'"{etag}"'})

    @extend_schema(
        operation_id="storage_view",
        responses=answers(
            {
                (200, "image/*"): {"type": "string", "format": "binary"},  # type: ignore[dict-item]
                (200, "application/zip"): {"type": "string", "format": "binary"},  # type: ignore[dict-item]
            },
            errors=(403, 404),
            signed_in=False,
        ),
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        """View from the embedded store.

        Returns one object. The link itself is the right, until it expires.
        """
        store, link = _opened(token, "GET")
        headers = {
            "Cache-Control": f"private, max-age={settings.VIEW_LINK_SECONDS}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        try:
            content = store.read(link.key, max_bytes=MAX_IN_MEMORY_BYTES)
        except ObjectMissing:
            raise NotFound from None
        except ObjectTooLarge:  # no picture is: an export
            return FileResponse(store.open(link.key), content_type="application/zip", headers=headers)
        return HttpResponse(content, content_type=content_type_of(content), headers=headers)


def _opened(token: str, method: str) -> tuple[LocalStore, Link]:
    store = object_store()
    if not isinstance(store, LocalStore):
        raise NotFound
    try:
        return store, Link.opened(token, method=method)
    except LinkRefused:
        raise Forbidden("This link is not valid, or no longer.") from None
