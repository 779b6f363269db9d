"""HTTP client for Google Play's developer API (androidpublisher v3, `purchases`)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from billing.providers.base import ProviderUnavailable

_SCOPE: Final = "https://www.googleapis.com/auth/androidpublisher"
# No such token, a token of another product, or one that Google no longer knows.
_UNKNOWN: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_PAGES: Final = 100


class Publisher:
    """Query one app with the service account of the key file.

    Every call raises `ProviderUnavailable` without a valid answer: time-outs, failures at Google, an exhausted quota,
    and rejected credentials, which staff must correct and which are no fault of a purchase.
    """

    def __init__(self, *, package_name: str, service_account: str, api_base: str, timeout_seconds: float) -> None:
        key = json.loads(service_account)
        self._session = AuthorizedSession(Credentials.from_service_account_info(key, scopes=[_SCOPE]))
        self._purchases = f"{api_base}/androidpublisher/v3/applications/{quote(package_name, safe='')}/purchases"
        self._timeout = timeout_seconds

    def product(self, product: str, token: str) -> Mapping[str, Any] | None:
        """Returns a one-time purchase, or None if Google knows none."""
        return self._read(f"products/{_quoted(product)}/tokens/{_quoted(token)}")

    def subscription(self, token: str) -> Mapping[str, Any] | None:
        """Returns a subscription, or None if Google knows none."""
        return self._read(f"subscriptionsv2/tokens/{_quoted(token)}")

    def acknowledge(self, kind: str, product: str, token: str) -> None:
        """Acknowledge a purchase. `kind` is products or subscriptions."""
        path = f"{kind}/{_quoted(product)}/tokens/{_quoted(token)}:acknowledge"
        if self._call("POST", path, json={}) is None:
            raise ProviderUnavailable("Google acknowledges nothing under this token now")

    def voided(self, *, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the purchases and subscriptions voided in that time; Google lists the last 30 days at most."""
        params: dict[str, Any] = {"startTime": _millis(since), "endTime": _millis(until), "type": 1, "maxResults": 1000}
        params["includeQuantityBasedPartialRefund"] = "true"
        for _ in range(_PAGES):
            page = self._read("voidedpurchases", params=params) or {}
            yield from page.get("voidedPurchases", [])
            following = page.get("tokenPagination", {}).get("nextPageToken")
            if not following:
                return
            params["token"] = following
        raise ProviderUnavailable("a list without an end")

    def _read(self, path: str, **extra: Any) -> Mapping[str, Any] | None:
        answer = self._call("GET", path, **extra)
        if answer is None:
            return None
        try:
            found = answer.json()
        except ValueError as error:
            raise ProviderUnavailable("no JSON") from error
        if not isinstance(found, dict):
            raise ProviderUnavailable("no object")
        return found

    def _call(self, method: str, path: str, **extra: Any) -> requests.Response | None:
        try:
            answer: requests.Response = self._session.request(
                method, f"{self._purchases}/{path}", timeout=self._timeout, **extra
            )
        except (requests.RequestException, GoogleAuthError) as error:
            # Not `from error`: that one names the requested URL, which holds the token, and both go to the log.
            raise ProviderUnavailable(type(error).__name__) from None
        if answer.status_code in _UNKNOWN:
            return None
        if not answer.ok:
            raise ProviderUnavailable(f"HTTP {answer.status_code}")
        return answer


def _quoted(part: str) -> str:
    return quote(part, safe="")


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)
