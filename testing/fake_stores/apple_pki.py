"""Apple's signatures for tests: a root, chains like Apple's below it, OCSP, and JWS with x5c."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

LEAF_PURPOSE = "1.2.840.113635.100.6.11.1"
INTERMEDIATE_PURPOSE = "1.2.840.113635.100.6.2.1"
DAY = timedelta(days=1)


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Certified:
    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.cert.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Chain:
    """Leaf first, root last; the leaf signs."""

    links: tuple[Certified, ...]

    @property
    def x5c(self) -> list[str]:
        return [base64.b64encode(link.der).decode() for link in self.links]

    def sign(self, payload: dict[str, Any], **header: Any) -> str:
        """Return a JWS signed by the leaf; header values can be changed, None omits one."""
        fields = {"alg": "ES256", "x5c": self.x5c, **header}
        present = {name: value for name, value in fields.items() if value is not None}
        text = f"{b64url(json.dumps(present).encode())}.{b64url(json.dumps(payload).encode())}"
        r, s = decode_dss_signature(self.links[0].key.sign(text.encode(), ec.ECDSA(SHA256())))
        return f"{text}.{b64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Authority:
    """The root, and an OCSP responder at `ocsp_url` for all certificates below it."""

    def __init__(self, ocsp_url: str, *, name: str = "Root") -> None:
        self._ocsp_url = ocsp_url
        self._issued: dict[int, tuple[Certified, Certified]] = {}
        self._revoked: set[int] = set()
        self.root = self._issue(name, issuer=None)

    def chain(
        self,
        *,
        leaf_purpose: str | None = LEAF_PURPOSE,
        intermediate_purpose: str | None = INTERMEDIATE_PURPOSE,
        days: int = 3650,
    ) -> Chain:
        intermediate = self._issue("Intermediate", issuer=self.root, purpose=intermediate_purpose)
        leaf = self._issue("Leaf", issuer=intermediate, purpose=leaf_purpose, days=days, is_ca=False)
        return Chain((leaf, intermediate, self.root))

    def revoke(self, link: Certified) -> None:
        self._revoked.add(link.cert.serial_number)

    def answer(self, question: bytes, *, is_stale: bool = False) -> bytes:
        """Return the responder's answer about a certificate, signed by the issuer."""
        certified, issuer = self._issued[ocsp.load_der_ocsp_request(question).serial_number]
        is_revoked = certified.cert.serial_number in self._revoked
        told_at = datetime.now(UTC) - (9 * DAY if is_stale else timedelta(minutes=1))
        built = ocsp.OCSPResponseBuilder().add_response(
            cert=certified.cert,
            issuer=issuer.cert,
            algorithm=SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=told_at,
            next_update=told_at + DAY,
            revocation_time=told_at if is_revoked else None,
            revocation_reason=None,
        )
        signed = built.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.cert).sign(issuer.key, SHA256())
        return signed.public_bytes(Encoding.DER)

    def _issue(
        self,
        name: str,
        *,
        issuer: Certified | None,
        purpose: str | None = None,
        days: int = 3650,
        is_ca: bool = True,
    ) -> Certified:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Stand-in {name}")])
        signer = issuer.key if issuer else key
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.cert.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - 3650 * DAY)
            .not_valid_after(datetime.now(UTC) + days * DAY)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(_usage(is_ca=is_ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if issuer is not None:
            where = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self._ocsp_url)
            )
            built = built.add_extension(x509.AuthorityInformationAccess([where]), critical=False)
        if purpose is not None:
            marker = x509.UnrecognizedExtension(x509.ObjectIdentifier(purpose), b"\x05\x00")
            built = built.add_extension(marker, critical=False)
        certified = Certified(built.sign(signer, SHA256()), key)
        self._issued[certified.cert.serial_number] = (certified, issuer or certified)
        return certified


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    unused = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    never = dict.fromkeys((*unused, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, key_cert_sign=is_ca, crl_sign=is_ca, **never)
