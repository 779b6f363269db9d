"""Lob's words for how far a letter is, and its signed events (docs.lob.com, Webhooks and Tracking Events)."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from dossiers.post.ports import InvalidSignature, LetterEvent, Progress

TOLERANCE_SECONDS: Final = 300
_MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
# A time in milliseconds has been above this since 1973, one in seconds stays below it until the year 5138.
_MILLISECONDS_FROM: Final = 10**11
# The names of the carrier's scans. All but the last two say that the letter left the printer.
_RETURNED: Final = "Returned to Sender"
_DELIVERED: Final = "Delivered"
_OF_EVENTS: Final[Mapping[str, Progress]] = {
    "letter.mailed": Progress.IN_TRANSIT,
    "letter.in_transit": Progress.IN_TRANSIT,
    "letter.in_local_area": Progress.IN_TRANSIT,
    "letter.international_exit": Progress.IN_TRANSIT,
    "letter.processed_for_delivery": Progress.IN_TRANSIT,
    "letter.re-routed": Progress.IN_TRANSIT,
    "letter.delivered": Progress.DELIVERED,
    "letter.returned_to_sender": Progress.RETURNED,
    "letter.failed": Progress.FAILED,
    "letter.deleted": Progress.CANCELLED,
}


def progress_of(letter: Mapping[str, Any]) -> Progress:
    """Return how far a letter of the API is. What came back counts as returned, also when it arrives at the sender."""
    if letter.get("deleted"):
        return Progress.CANCELLED
    scans = letter.get("tracking_events")
    names = {scan.get("name") for scan in scans if isinstance(scan, dict)} if isinstance(scans, list) else set()
    if _RETURNED in names:
        return Progress.RETURNED
    if _DELIVERED in names:
        return Progress.DELIVERED
    if names:
        return Progress.IN_TRANSIT
    return Progress.FAILED if letter.get("status") == "failed" else Progress.ACCEPTED


class LobEvents:
    """Reads events that are signed with the secret of our webhook."""

    def __init__(self, *, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret, self._now = secret, now

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> LetterEvent:
        """Return the event. Raises `InvalidSignature` for all that is forged, changed, too old or of the future."""
        stamp = headers.get("Lob-Signature-Timestamp", "")
        signature = headers.get("Lob-Signature", "")
        expected = hmac.new(self._secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        if not self._secret or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise InvalidSignature
        try:
            if abs(self._now() - _seconds(stamp)) > TOLERANCE_SECONDS:
                raise InvalidSignature
            return _event(json.loads(body))
        except _MALFORMED as error:
            raise InvalidSignature from error


def _seconds(stamp: str) -> float:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise ValueError("no time")
    value = int(stamp)
    return value / 1000 if value >= _MILLISECONDS_FROM else float(value)


def _event(payload: dict[str, Any]) -> LetterEvent:
    kind, ref = payload["event_type"]["id"], payload["reference_id"]
    if not isinstance(kind, str) or not isinstance(ref, str):
        raise TypeError("no event")
    letter = payload.get("body")
    metadata = letter.get("metadata") if isinstance(letter, dict) else None
    return LetterEvent(kind=kind, ref=ref, delivery_id=_delivery_id(metadata), progress=_OF_EVENTS.get(kind))


def _delivery_id(metadata: Any) -> UUID | None:
    try:
        return UUID(metadata["delivery_id"])
    except _MALFORMED:
        return None
