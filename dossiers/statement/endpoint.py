"""Requests to a service with the API of OpenAI, somebody's own or a hosted one. Plain Python on top of requests."""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from dossiers.statement.failures import Refused, Unavailable
from notifications.channels.outgoing import read_whole, seconds_to_wait

# To connect, and between two reads: a model that runs on a processor thinks for a while.
TIMEOUT: Final = (5.0, 120.0)
_WHOLE_ANSWER_SECONDS: Final = 240.0
# What the service will not accept later either. A wrong key or model is postponed: staff correct the settings.
_PERMANENT: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


class Endpoint:
    """One service and one of its models. `base_url` ends before `/chat/completions`: `https://api.example.org/v1`.

    Raises `ValueError` for an address that is neither https nor http.
    """

    def __init__(self, base_url: str, key: str, model: str, *, timeout: tuple[float, float] = TIMEOUT) -> None:
        found = urlsplit(base_url)
        if found.scheme not in ("http", "https") or not found.hostname:
            raise ValueError("the address of an endpoint begins with https:// or http://")
        self.model = model
        self.name = f"{model} at {found.hostname}"
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = timeout

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Return the JSON object that the service answers. `body` is `json`, or `data` and `files`.

        Raises `Refused` for a request that it will never accept, and `Unavailable` for all else. Neither quotes what
        was sent.
        """
        try:
            with requests.post(
                f"{self._base_url}{path}",
                headers=self._headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                **body,
            ) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise _failure(answer)
                found = json.loads(read_whole(answer, within_seconds=_WHOLE_ANSWER_SECONDS))
        except requests.RequestException as error:
            # Not `from error`: its text may quote what was sent, and both are logged.
            raise Unavailable(type(error).__name__) from None
        except ValueError:
            raise Unavailable("its answer is no JSON") from None
        if not isinstance(found, dict):
            raise Unavailable("its answer is no object")
        return found


def _failure(answer: requests.Response) -> Exception:
    summary = f"HTTP {answer.status_code}"
    if answer.status_code in _PERMANENT:
        return Refused(summary)
    return Unavailable(summary, retry_after=seconds_to_wait(answer))
