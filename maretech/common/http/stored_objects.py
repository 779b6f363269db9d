"""The routes of the embedded store's signed links: the same behaviour as S3, with the API's error shape."""

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from maretech.common.http.conditional import is_known
from maretech.common.http.errors import Forbidden, Invalid, NotFound, PayloadTooLarge
from maretech.common.http.openapi import IF_NONE_MATCH, etag, responses
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectTooLarge
from maretech.common.storage.local import (
    Body,
    BytesRefused,
    HeaderNotSigned,
    Link,
    LinkRefused,
    LocalStore,
    content_type_of,
    etag_of,
)

MAX_IN_MEMORY_BYTES = 64 * 1024 * 1024
MAX_DIGITS = 18
LINK_REFUSED = "This link is not valid, or no longer."


class StoredObjectView(APIView):
    """`PUT` takes exactly the photo the link was signed for; `GET` shows one object. The link itself is the right."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "uploads"

    @extend_schema(
        operation_id="upload_object",
        request={"image/*": {"type": "string", "format": "binary"}},
        parameters=[etag(200)],
        responses=responses(
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
        store, link = _opened(request, token)
        try:
            etag = store.receive(link, _body_of(request))
        except ObjectTooLarge:
            raise PayloadTooLarge from None
        except HeaderNotSigned as exc:
            raise Forbidden(f"The header {exc} is not the one this link was signed for.") from None
        except BytesRefused as exc:
            raise Invalid(upload=f"The {exc} is not the one this link was made for.") from None
        return HttpResponse(status=200, headers={"ETag": f'"{etag}"'})

    @extend_schema(
        operation_id="get_stored_object",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses=responses(
            {
                (200, "image/*"): {"type": "string", "format": "binary"},
                (200, "application/zip"): {"type": "string", "format": "binary"},
                304: OpenApiResponse(description="Unchanged"),
            },
            errors=(403, 404),
            signed_in=False,
        ),
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        """View from the embedded store.

        Returns one object. The link itself is the right, until it expires, and as on S3 for GET alone.
        """
        store, link = _opened(request, token)
        headers = {
            "Cache-Control": f"private, max-age={settings.VIEW_LINK_SECONDS}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        try:
            content = store.read(link.key, max_bytes=MAX_IN_MEMORY_BYTES)
        except ObjectMissing:
            raise NotFound from None
        except ObjectTooLarge:  # larger than any picture: an export
            return FileResponse(store.open(link.key), content_type="application/zip", headers=headers)
        headers["ETag"] = f'"{etag_of(content)}"'
        if is_known(request, headers["ETag"]):
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(content, content_type=content_type_of(content), headers=headers)

    def head(self, request: Request, token: str) -> HttpResponseBase:
        raise Forbidden(LINK_REFUSED)


def _opened(request: Request, token: str) -> tuple[LocalStore, Link]:
    """Return the store and the link. As with S3's signature, an unsigned parameter makes it another link."""
    store = object_store()
    if not isinstance(store, LocalStore):
        raise NotFound
    if request.META.get("QUERY_STRING"):
        raise Forbidden(LINK_REFUSED)
    try:
        return store, Link.opened(token, method=str(request.method))
    except LinkRefused:
        raise Forbidden(LINK_REFUSED) from None


def _body_of(request: Request) -> Body:
    """Raises `Invalid` for a length that is no number, and for chunks that the web server hands on as they came."""
    environ = request._request.environ  # type: ignore[attr-defined]
    headers = {name.lower(): value for name, value in request.headers.items()}
    # Read the headers of HTTP, not Django's view of the body: without a length, Django reads nothing.
    if "chunked" in headers.get("transfer-encoding", "").lower():
        if not environ.get("wsgi.input_terminated"):
            raise Invalid(upload="This server does not take a body in chunks.")
        # Chunks that break off look like the end here: the photo check then finds that the file is incomplete.
        return Body(headers, environ["wsgi.input"], None)
    length = headers.get("content-length") or "0"
    if not (length.isascii() and length.isdecimal() and len(length) <= MAX_DIGITS):
        raise Invalid(upload="The length is not a number.")
    return Body(headers, request._request, int(length))  # type: ignore[arg-type]
