"""The token in an owner's code: the id of the appointment and the time, signed. It is valid for a minute."""

import base64
import binascii
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID

import segno
from django.core.signing import BadSignature, Signer

from maretech.common.vocabulary import Vocabulary
from surveys.models import Appointment

LIFETIME_SECONDS: Final = 60
# Clocks of several servers differ a little.
_TOLERANCE_SECONDS: Final = 5
_SALT: Final = "surveys.check_in"
_PIXELS_PER_MODULE: Final = 8


class Picture(Vocabulary):
    PNG = "png", "PNG"
    SVG = "svg", "SVG"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a genuine token says."""

    appointment_id: UUID
    is_expired: bool


def make_token(appointment: Appointment) -> str:
    """Return a token that is valid from now for `LIFETIME_SECONDS`."""
    content = appointment.pk.bytes + int(time.time()).to_bytes(6, "big")
    return _signer().sign(base64.urlsafe_b64encode(content).decode().rstrip("="))


def read_token(token: str) -> Scanned | None:
    """Return what the token says; None for a forged or cut one."""
    try:
        text = _signer().unsign(token)
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        appointment_id = UUID(bytes=content[:16])
    except (BadSignature, ValueError, binascii.Error):
        return None
    age = time.time() - int.from_bytes(content[16:], "big")
    return Scanned(appointment_id, not -_TOLERANCE_SECONDS <= age <= LIFETIME_SECONDS)


def qr_code(token: str, *, picture: Picture) -> bytes:
    """Return the token as a QR code with its quiet zone: a PNG of 8 pixels per module, or an SVG that scales."""
    out = BytesIO()
    code = segno.make(token, error="m", micro=False)
    if picture == Picture.PNG:
        code.save(out, kind="png", border=4, scale=_PIXELS_PER_MODULE)
    else:
        code.save(out, kind="svg", border=4, xmldecl=False, omitsize=True, title="Code of your appointment")
    return out.getvalue()


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".", algorithm="sha256")
