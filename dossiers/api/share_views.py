"""Shares: the owner ends one over the API, and anyone with its link reads its page."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.identity.authentication import caller
from dossiers.api.page_words import WORDS, words_of
from dossiers.api.pages import PAGE_HEADERS, page
from dossiers.deliveries.reports import note_view
from dossiers.models import Share
from dossiers.shares.changes import revoke_share
from dossiers.shares.viewing import count_view, shared
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing

MAX_PDF_BYTES: Final = 64 * 1024 * 1024


class ShareViewSet(APIViewSet):
    lookup_url_kwarg = "share_id"

    @extend_schema(
        operation_id="end_share", responses=responses({204: OpenApiResponse(description="Ended")}, errors=(404,))
    )
    def destroy(self, request: Request, share_id: UUID) -> Response:
        """End a share.

        The page is gone at once, for everybody who has the link.
        """
        revoke_share(owner=caller(request), share_id=share_id)
        return Response(status=204)


class SharePageView(APIView):
    """The page of a share. The link is the right; it shows no address and no original file."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> HttpResponse:
        share = shared(token)
        if share is None:
            return _gone()
        count_view(share)
        note_view(share)
        return _page(request, share)

    @extend_schema(exclude=True)
    def head(self, request: Request, token: str) -> HttpResponse:
        """Answer without counting: programs that preview links ask this way."""
        share = shared(token)
        return _gone() if share is None else _page(request, share)


class SharedPDFView(APIView):
    """The PDF of a share, read through this server, so that an ended share is closed at once."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> HttpResponse:
        share = shared(token)
        if share is None:
            return _gone()
        try:
            pdf = object_store().read(share.dossier.pdf_uri, max_bytes=MAX_PDF_BYTES)
        except ObjectMissing:  # revoked at this moment
            return _gone()
        headers = PAGE_HEADERS | {"Content-Disposition": f'attachment; filename="dossier-{share.dossier.pk}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _gone() -> HttpResponse:
    """Return the page of a link that shows nothing: forged, expired and ended ones look the same."""
    first, *others = WORDS.values()
    return page("gone.html", {"words": first, "others": others}, status=404)


def _page(request: Request, share: Share) -> HttpResponse:
    dossier = share.dossier
    context = {
        "words": words_of(dossier.language),
        "dossier": dossier,
        "vessel": dossier.vessel_name,
        "share": share,
        "size_mb": f"{(dossier.pdf_bytes or 0) / 1_000_000:.1f}",
        "pdf_path": f"{request.path}/dossier.pdf",
        "verify_path": f"/v1/verify/{dossier.token}",
        "is_superseded": dossier.superseded_by_id is not None,
    }
    return page("share.html", context)
