"""Letters through Lob's API, version 2020-02-11 (docs.lob.com). Plain Python on top of requests.

Lob's own library is generated and sends no file; this client makes six calls. Tests compare what it sends, and what the
fake answers, with the classes of that library.
"""

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import requests

from dossiers.post.lob_events import LobEvents, progress_of
from dossiers.post.ports import (
    Deliverability,
    LetterEvent,
    PostalAddress,
    PostedLetter,
    Progress,
    Refused,
    Unavailable,
)
from notifications.channels.outgoing import read_whole, seconds_to_wait

API_BASE: Final = "https://api.lob.com"
VERSION: Final = "2020-02-11"
HOME: Final = "US"
DELIVERY_ID: Final = "delivery_id"
# Double-sided: 60 sheets at home, 6 abroad (letter_create, "file").
_PAGES_AT_HOME: Final = 120
_PAGES_ABROAD: Final = 12
# What is wrong with this letter. Other refusals concern the account or the moment: the letter waits.
_PERMANENT: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
_OF_THE_MOMENT: Final = ("conflict", "custom_envelope_inventory_depleted", "unsupported_lob_version")
_NOT_DELETABLE: Final = "not_deletable"
_DELIVERABILITY: Final = {
    "deliverable": Deliverability.DELIVERABLE,
    "deliverable_unnecessary_unit": Deliverability.DELIVERABLE,
    "deliverable_incorrect_unit": Deliverability.INCOMPLETE,
    "deliverable_missing_unit": Deliverability.INCOMPLETE,
    "deliverable_missing_info": Deliverability.INCOMPLETE,
    "undeliverable": Deliverability.UNDELIVERABLE,
    "no_match": Deliverability.UNDELIVERABLE,
}


class _Answered(Exception):
    """The service answered with an error."""

    def __init__(self, http_status: int, code: str, retry_after: float | None) -> None:
        super().__init__(f"HTTP {http_status} {code}".strip())
        self.http_status, self.code, self.retry_after = http_status, code, retry_after


class LobService:
    """One account of Lob. `sender` is the id of our address there (`adr_…`), which is printed as the return address."""

    name = "lob"

    def __init__(
        self,
        *,
        key: str,
        webhook_secret: str,
        sender: str,
        base_url: str = API_BASE,
        timeout_seconds: float = 10.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._key, self._sender = key, sender
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout_seconds
        self._events = LobEvents(secret=webhook_secret, now=now)

    def check(self, address: PostalAddress) -> Deliverability:
        lines = dict(zip(("primary_line", "secondary_line"), address.lines, strict=False))
        asked = {"recipient": address.name, **lines, "city": address.city, "state": address.state}
        if address.country == HOME:
            found = self._post("/v1/us_verifications", json=_filled({**asked, "zip_code": address.postal_code}))
        else:
            abroad = {**asked, "postal_code": address.postal_code, "country": address.country}
            found = self._post("/v1/intl_verifications", json=_filled(abroad))
        return _DELIVERABILITY.get(str(found.get("deliverability")), Deliverability.UNDELIVERABLE)

    def most_pages(self, country: str) -> int:
        return _PAGES_AT_HOME if country == HOME else _PAGES_ABROAD

    def send(self, delivery_id: UUID, *, to: PostalAddress, pdf: bytes) -> PostedLetter:
        parts = {
            **{f"to[{name}]": value for name, value in _recipient(to).items()},
            "from": self._sender,
            f"metadata[{DELIVERY_ID}]": str(delivery_id),
            "color": "true",
            "double_sided": "true",
            "address_placement": "top_first_page",
            "mail_type": "usps_first_class",
            "use_type": "operational",
        }
        return _letter(
            self._post(
                "/v1/letters",
                data=parts,
                files={"file": ("dossier.pdf", pdf, "application/pdf")},
                headers={"Idempotency-Key": str(delivery_id)},
            )
        )

    def find(self, delivery_id: UUID) -> PostedLetter | None:
        asked = {f"metadata[{DELIVERY_ID}]": str(delivery_id), "limit": "10"}
        rows = self._ask("GET", "/v1/letters", params=asked).get("data")
        letters = [_letter(row) for row in rows if _names(row, delivery_id)] if isinstance(rows, list) else []
        standing = [letter for letter in letters if letter.progress is not Progress.CANCELLED]
        return next(iter([*standing, *letters]), None)

    def read(self, ref: str) -> PostedLetter | None:
        try:
            return _letter(self._call("GET", f"/v1/letters/{ref}"))
        except _Answered as answer:
            if answer.http_status == HTTPStatus.NOT_FOUND:
                return None
            raise _failure(answer) from None

    def cancel(self, ref: str) -> bool:
        try:
            return bool(self._call("DELETE", f"/v1/letters/{ref}").get("deleted"))
        except _Answered as answer:
            if answer.code == _NOT_DELETABLE:
                return False
            if answer.http_status != HTTPStatus.NOT_FOUND and answer.http_status not in _PERMANENT:
                raise _failure(answer) from None
        found = self.read(ref)
        if found is None:
            raise Unavailable("the letter is not in this account")
        return found.progress is Progress.CANCELLED

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> LetterEvent:
        return self._events.read_event(body, headers)

    def _post(self, path: str, **request: Any) -> dict[str, Any]:
        return self._ask("POST", path, **request)

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        try:
            return self._call(method, path, **request)
        except _Answered as answer:
            raise _failure(answer) from None

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Return the JSON object of the answer. Raises `_Answered` for an error, `Unavailable` without an answer."""
        headers = {"Lob-Version": VERSION, **request.pop("headers", {})}
        try:
            with requests.request(
                method,
                f"{self._base_url}{path}",
                auth=(self._key, ""),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                **request,
            ) as answer:
                found = json.loads(read_whole(answer)) if answer.status_code == HTTPStatus.OK else None
                if found is None:
                    raise _Answered(answer.status_code, _code(answer), seconds_to_wait(answer))
        except requests.RequestException as error:
            # Not `from error`: its text may quote the address, and both are logged.
            raise Unavailable(type(error).__name__) from None
        except ValueError:
            raise Unavailable("its answer is no JSON") from None
        if not isinstance(found, dict):
            raise Unavailable("its answer is no object")
        return found


def _recipient(to: PostalAddress) -> dict[str, str]:
    lines = dict(zip(("address_line1", "address_line2"), to.lines, strict=False))
    city = {"address_city": to.city, "address_state": to.state, "address_zip": to.postal_code}
    return _filled({"name": to.name, **lines, **city, "address_country": to.country})


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _letter(found: Mapping[str, Any]) -> PostedLetter:
    ref = found.get("id")
    if not isinstance(ref, str) or not ref.startswith("ltr_"):
        raise Unavailable("its answer is no letter")
    return PostedLetter(ref=ref, progress=progress_of(found))


def _names(row: Any, delivery_id: UUID) -> bool:
    """Return whether a listed letter is of this delivery: a service that ignored the filter would list others."""
    metadata = row.get("metadata") if isinstance(row, dict) else None
    return isinstance(metadata, dict) and metadata.get(DELIVERY_ID) == str(delivery_id)


def _code(answer: requests.Response) -> str:
    """Return Lob's word for the error, which it chooses from a list; "" for an answer of another program."""
    try:
        code = json.loads(read_whole(answer))["error"]["code"]
    except (ValueError, LookupError, TypeError):
        return ""
    return code if isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum() else ""


def _failure(answer: _Answered) -> Exception:
    if answer.http_status in _PERMANENT and answer.code and answer.code not in _OF_THE_MOMENT:
        return Refused(str(answer)[:120])
    return Unavailable(str(answer)[:120], retry_after=answer.retry_after)
