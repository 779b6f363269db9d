"""Verification of Apple's signatures, for this app and this environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import requests
from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.LibraryUtility import _get_cattrs_converter
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload
from appstoreserverlibrary.signed_data_verifier import (
    SignedDataVerifier,
    VerificationException,
    VerificationStatus,
    _ChainVerifier,
)
from cattrs import BaseValidationError
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from OpenSSL import crypto

from billing.providers.base import ProviderUnavailable

_RETRY: Final = VerificationStatus.RETRYABLE_VERIFICATION_FAILURE
_FOR_ANOTHER: Final = (VerificationStatus.INVALID_APP_IDENTIFIER, VerificationStatus.INVALID_ENVIRONMENT)


class NotSigned(Exception):
    """Not signed by Apple, or signed for another app or environment."""


class SignedForAnother(NotSigned):
    """Signed by Apple for another app or environment."""


class Signatures:
    """Verify signed data.

    Every call raises `NotSigned`, or `ProviderUnavailable` if Apple's OCSP responder gives no verdict.
    """

    def __init__(
        self, *, roots: list[bytes], bundle_id: str, apple_id: int, environment: Environment, timeout_seconds: float
    ) -> None:
        self._bundle_id = bundle_id
        self._verifier = _Verifier(roots, True, environment, bundle_id, apple_id)
        self._verifier.use_chains(_Chains(roots, timeout_seconds=timeout_seconds))

    def transaction(self, signed: str) -> JWSTransactionDecodedPayload:
        with _verdict():
            return self._verifier.verify_and_decode_signed_transaction(signed)

    def renewal(self, signed: str) -> JWSRenewalInfoDecodedPayload:
        with _verdict():
            return self._verifier.verify_and_decode_renewal_info(signed)

    def notification(self, signed: str) -> ResponseBodyV2DecodedPayload:
        with _verdict():
            return self._verifier.verify_and_decode_notification(signed)

    def notification_of_another_app(self, signed: str) -> ResponseBodyV2DecodedPayload:
        """Returns a notification that Apple signed for an app with another bundle id, in any environment."""
        with _verdict():
            notification = self._verifier.decoded_notification(signed)
        named = (notification.data, notification.summary, notification.externalPurchaseToken, notification.appData)
        parts = [part for part in named if part]
        if not parts or parts[0].bundleId in (None, "", self._bundle_id):
            raise NotSigned("about no other app")
        return notification


class _Verifier(SignedDataVerifier):
    def use_chains(self, chains: "_Chains") -> None:
        self._chain_verifier = chains

    def decoded_notification(self, signed: str) -> ResponseBodyV2DecodedPayload:
        """Decode a notification for any app."""
        read = _get_cattrs_converter(ResponseBodyV2DecodedPayload)
        return read.structure(self._decode_signed_object(signed), ResponseBodyV2DecodedPayload)


class _Chains(_ChainVerifier):
    """The library's chain check with a different OCSP rule: only "revoked" invalidates a certificate.

    The library treats a busy, outdated or confused responder as a forgery, and waits half a minute for a silent one. A
    chain that reaches the OCSP check is Apple's.
    """

    def __init__(self, roots: list[bytes], *, timeout_seconds: float) -> None:
        super().__init__(roots)
        self._timeout_seconds = timeout_seconds

    def check_ocsp_status(self, cert: crypto.X509, issuer: crypto.X509, root: crypto.X509) -> None:
        try:
            is_revoked = self._is_reported_revoked(cert.to_cryptography(), issuer.to_cryptography())
            if not is_revoked:
                super().check_ocsp_status(cert, issuer, root)
        except Exception as error:
            raise VerificationException(_RETRY) from error
        if is_revoked:
            raise VerificationException(VerificationStatus.INVALID_CERTIFICATE)

    def _is_reported_revoked(self, cert: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Returns whether the responder reports a revocation, without verifying its answer.

        The library accepts "good" only from a signed answer.
        """
        request = ocsp.OCSPRequestBuilder().add_certificate(cert, issuer, SHA256()).build().public_bytes(Encoding.DER)
        response = requests.post(
            _responder(cert),
            data=request,
            headers={"Content-Type": "application/ocsp-request"},
            timeout=self._timeout_seconds,
        )
        response.raise_for_status()
        answer = ocsp.load_der_ocsp_response(response.content)
        return answer.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL and any(
            each.certificate_status == ocsp.OCSPCertStatus.REVOKED and each.serial_number == cert.serial_number
            for each in answer.responses
        )


def _responder(cert: x509.Certificate) -> str:
    access = cert.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    return next(
        str(each.access_location.value) for each in access if each.access_method == AuthorityInformationAccessOID.OCSP
    )


@contextmanager
def _verdict() -> Iterator[None]:
    try:
        yield
    except VerificationException as error:
        if error.status == _RETRY:
            raise ProviderUnavailable("OCSP") from error
        refused = SignedForAnother if error.status in _FOR_ANOTHER else NotSigned
        raise refused(error.status.name) from error
    except (BaseValidationError, TypeError, ValueError) as error:
        raise NotSigned("signed, but none of what was expected") from error
