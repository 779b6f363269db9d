"""What somebody learns who scans the code of a dossier."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.conf import settings

from dossiers.models import Dossier
from dossiers.verification.tokens import read
from dossiers.vocabulary import DossierStatus, VerificationResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result, and what is printed on the genuine document; empty for one that we do not know."""

    result: VerificationResult
    dated_at: datetime | None = None
    vessel_name: str = ""
    sha256: str = ""
    language: str = ""

    @classmethod
    def of(cls, result: VerificationResult, dossier: Dossier) -> Self:
        return cls(
            result=result,
            dated_at=dossier.dated_at,
            vessel_name=dossier.vessel_name,
            sha256=dossier.pdf_sha256,
            language=dossier.language,
        )


def verification_url(token: str) -> str:
    return f"{settings.PUBLIC_URL}/v1/verify/{token}"


def verify(token: str) -> Verification:
    """Return whether the token is of a valid document.

    A signed token is revoked if its row was erased with its owner's account; its details are gone too.
    """
    claims = read(token)
    if claims is None:
        return Verification(result=VerificationResult.NOT_FOUND)
    dossier = Dossier.objects.select_related("owner").filter(pk=claims.dossier_id).first()
    if dossier is None:
        return Verification(result=VerificationResult.REVOKED, dated_at=claims.dated_at)
    if dossier.token != token:  # of an attempt that was never delivered
        return Verification(result=VerificationResult.NOT_FOUND)
    return Verification.of(_result(dossier), dossier)


def _result(dossier: Dossier) -> VerificationResult:
    if dossier.status != DossierStatus.FINAL or not dossier.owner.is_active:
        return VerificationResult.REVOKED
    return VerificationResult.VALID if dossier.superseded_by_id is None else VerificationResult.SUPERSEDED
