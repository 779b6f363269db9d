"""Verify a dossier without signing in: as JSON, and as a page for who scans its code."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dossiers.api.page_words import words_of
from dossiers.api.pages import page
from dossiers.api.serializers import VerificationKeysOutput, VerificationOutput
from dossiers.verification.answers import Verification, verify
from dossiers.verification.keys import TrustedKey, encoded, trusted_keys
from maretech.common.http.openapi import responses


class VerifyView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="verify_dossier",
        tags=["verify"],
        auth=[],
        responses=responses(
            {
                (200, "application/json"): VerificationOutput,
                (200, "text/html"): {"type": "string"},
            },
            signed_in=False,
        ),
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """Verify a dossier.

        Returns whether the code is that of a genuine dossier, and what is printed on it. A forged or cut code is not
        found. A browser gets a page.
        """
        found = verify(token)
        if "text/html" in request.headers.get("Accept", ""):
            return _page(request, found)
        return Response(VerificationOutput(found).data)


class VerificationKeysView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_verification_keys",
        tags=["verify"],
        auth=[],
        responses=responses({200: VerificationKeysOutput}, signed_in=False),
    )
    def get(self, request: Request) -> Response:
        """List the keys.

        Returns the public keys with which the code of a dossier can be checked offline, as JSON Web Keys. A code is
        109 bytes in base64url: version 1 (1 byte), key id (4), id of the dossier (16), its date in seconds since 1970
        (4), the first 20 bytes of the SHA-256 over the lines "name of the vessel" and, sorted, the SHA-256 of each
        original photo in hex, and the Ed25519 signature of all of these (64). Numbers have their highest byte first.
        """
        return Response(VerificationKeysOutput({"keys": map(_jwk, trusted_keys())}).data)


def _jwk(key: TrustedKey) -> dict[str, str]:
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "kid": key.key_id.hex(),
        "x": encoded(key.raw),
        "alg": "EdDSA",
        "use": "sig",
    }


def _page(request: Request, found: Verification) -> HttpResponse:
    """Show the page in the language of the document; of an unknown one, in that of the browser."""
    words = words_of(found.language or request.headers.get("Accept-Language", "")[:2].lower())
    title, text = words.results[found.result]
    return page("verify.html", {"words": words, "found": found, "title": title, "text": text})
