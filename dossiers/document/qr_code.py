"""The QR code of the verification address."""

from io import BytesIO

import segno


def qr_svg(url: str) -> bytes:
    """Return the code as an SVG with its quiet zone of four modules. The same address gives the same bytes."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, omitsize=False)
    return out.getvalue()
