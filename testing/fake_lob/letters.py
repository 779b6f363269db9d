"""Lob's letters in memory: what is refused, what is printed, and the events of each."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Thing = dict[str, Any]
_PAGE: Final = re.compile(rb"/MediaBox\s*\[([^\]]*)\]")
_COUNT: Final = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
_LETTER_PAPER: Final = b"0 0 612 792"
_SHEETS_AT_HOME, _SHEETS_ABROAD = 60, 6
_COUNTRIES: Final = {
    "US": "UNITED STATES",
    "DE": "GERMANY",
    "NL": "NETHERLANDS",
    "FR": "FRANCE",
    "GB": "UNITED KINGDOM",
    "AT": "AUSTRIA",
}
SCANS: Final = {
    "letter.mailed": "Mailed",
    "letter.in_transit": "In Transit",
    "letter.in_local_area": "In Local Area",
    "letter.processed_for_delivery": "Processed for Delivery",
    "letter.re-routed": "Re-Routed",
    "letter.returned_to_sender": "Returned to Sender",
    "letter.delivered": "Delivered",
}


class LobRefusal(Exception):
    """An answer with an error of Lob's list."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def id_of(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(8)}"


def stamp(at: datetime | None = None) -> str:
    return (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def make_letter(form: Mapping[str, Any], *, sender: str) -> Thing:
    """Return the letter that the form describes. Raises `LobRefusal` for one that Lob would not print."""
    to = {name: str(form.get(f"to[{name}]", "")) for name in _TO}
    if form.get("from") != sender:
        raise LobRefusal(422, "invalid", "from must be an address of this account")
    if form.get("use_type") not in ("marketing", "operational"):
        raise LobRefusal(422, "invalid", "use_type is required")
    if not to["name"] or len(to["name"]) > 40:
        raise LobRefusal(422, "invalid", "to.name must be between 1 and 40 characters")
    if len(to["address_line1"]) + len(to["address_line2"]) > 50:
        raise LobRefusal(422, "address_length_exceeds_limit", "address lines cannot surpass 50 characters")
    country = to["address_country"] or "US"
    if country not in _COUNTRIES or (country == "US" and not (to["address_state"] and to["address_zip"])):
        raise LobRefusal(422, "invalid", "to is no address")
    _check_file(form.get("file"), country=country, is_double_sided=form.get("double_sided") == "true")
    return _letter(form, to, country)


def add_scan(letter: Thing, name: str) -> None:
    now = stamp()
    letter["tracking_events"].append(
        {
            "id": id_of("evnt"),
            "type": "normal",
            "name": name,
            "details": None,
            "location": None,
            "time": now,
            "date_created": now,
            "date_modified": now,
            "object": "tracking_event",
        }
    )


_TO: Final = (
    *("name", "address_line1", "address_line2"),
    *("address_city", "address_state", "address_zip", "address_country"),
)


def _check_file(file: object, *, country: str, is_double_sided: bool) -> None:
    if not isinstance(file, bytes) or not file.startswith(b"%PDF-"):
        raise LobRefusal(422, "invalid_file", "file is no PDF")
    papers = {paper.strip() for paper in _PAGE.findall(file)}
    if papers - {_LETTER_PAPER}:
        raise LobRefusal(422, "invalid_file_dimensions", "file dimensions must be 8.5x11")
    pages = max(map(int, _COUNT.findall(file)), default=1)
    sheets = _SHEETS_AT_HOME if country == "US" else _SHEETS_ABROAD
    if pages > sheets * (2 if is_double_sided else 1):
        raise LobRefusal(422, "file_pages_exceed_max", "file has too many pages")


def _letter(form: Mapping[str, Any], to: Mapping[str, str], country: str) -> Thing:
    now = datetime.now(UTC)
    metadata = {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")}
    return {
        "id": id_of("ltr"),
        "description": None,
        "metadata": metadata,
        "to": _address({**to, "address_country": _COUNTRIES[country]}),
        "from": _address({"name": "MARETECH", "address_line1": "210 KING ST", "address_city": "SAN FRANCISCO"}),
        "color": form.get("color") == "true",
        "double_sided": form.get("double_sided") == "true",
        "address_placement": form.get("address_placement", "top_first_page"),
        "return_envelope": False,
        "perforated_page": None,
        "custom_envelope": None,
        "extra_service": None,
        "mail_type": form.get("mail_type", "usps_first_class"),
        "use_type": form["use_type"],
        "url": "https://lob-assets.com/letters/a.pdf",
        "carrier": "USPS",
        "tracking_number": None,
        "tracking_events": [],
        "thumbnails": [],
        "expected_delivery_date": (now + timedelta(days=6)).strftime("%Y-%m-%d"),
        "date_created": stamp(now),
        "date_modified": stamp(now),
        "send_date": stamp(now + timedelta(minutes=5)),
        "status": "processed",
        "object": "letter",
    }


def _address(of: Mapping[str, str]) -> Thing:
    now = stamp()
    return {
        "id": id_of("adr"),
        "description": None,
        "name": of.get("name", ""),
        "company": None,
        "phone": None,
        "email": None,
        "address_line1": of.get("address_line1", ""),
        "address_line2": of.get("address_line2") or None,
        "address_city": of.get("address_city", ""),
        "address_state": of.get("address_state") or "CA",
        "address_zip": of.get("address_zip") or "94107",
        "address_country": of.get("address_country", "UNITED STATES"),
        "metadata": {},
        "date_created": now,
        "date_modified": now,
        "object": "address",
    }
