"""Sign in, keep the tokens fresh, and give the generated calls a client that repeats what was lost."""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

import httpx

from .api.accounts import log_in, log_out, register_account
from .client import AuthenticatedClient, Client
from .models import CredentialsRequest, SignedIn, Token
from .refusals import Refused, expect
from .retries import RetryingTransport

TIMEOUT_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Tokens:
    access_token: str
    refresh_token: str


def _keep_in_memory(tokens: Tokens) -> None:
    """Store nothing: these tokens live as long as the process."""


class Session:
    """A signed-in account. `client` is for the generated calls; `uploads` follows links, without the token.

    The access token is refreshed when the server says that it has expired. `on_tokens` is called with each new pair
    before it is used: store it there, so that a crash loses nothing.
    """

    def __init__(
        self,
        base_url: str,
        tokens: Tokens,
        *,
        on_tokens: Callable[[Tokens], None] = _keep_in_memory,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        transport = transport or RetryingTransport()
        auth = _BearerAuth(base_url, tokens, on_tokens)
        own = httpx.Client(base_url=base_url, auth=auth, transport=transport, timeout=TIMEOUT_SECONDS)
        self.client = AuthenticatedClient(base_url, token="").set_httpx_client(own)
        self.uploads = httpx.Client(base_url=base_url, transport=transport, timeout=TIMEOUT_SECONDS)

    @classmethod
    def register(
        cls,
        base_url: str,
        email: str,
        password: str,
        *,
        on_tokens: Callable[[Tokens], None] = _keep_in_memory,
        transport: httpx.BaseTransport | None = None,
    ) -> Self:
        """Register an account. After a lost answer the address may be taken: then `log_in`."""
        answer = register_account.sync_detailed(client=_anonymous(base_url, transport), body=_pair(email, password))
        return cls._started(base_url, expect(answer, SignedIn), on_tokens=on_tokens, transport=transport)

    @classmethod
    def log_in(
        cls,
        base_url: str,
        email: str,
        password: str,
        *,
        on_tokens: Callable[[Tokens], None] = _keep_in_memory,
        transport: httpx.BaseTransport | None = None,
    ) -> Self:
        """Sign in. Raises `Refused` with INVALID_CREDENTIALS for a wrong pair."""
        answer = log_in.sync_detailed(client=_anonymous(base_url, transport), body=_pair(email, password))
        return cls._started(base_url, expect(answer, SignedIn), on_tokens=on_tokens, transport=transport)

    @classmethod
    def _started(
        cls,
        base_url: str,
        signed_in: SignedIn,
        *,
        on_tokens: Callable[[Tokens], None],
        transport: httpx.BaseTransport | None,
    ) -> Self:
        tokens = _tokens_of(signed_in.token)
        on_tokens(tokens)
        return cls(base_url, tokens, on_tokens=on_tokens, transport=transport)

    def close(self) -> None:
        """Close the connections. The session on the server lives on, for the stored tokens."""
        self.client.get_httpx_client().close()
        self.uploads.close()

    def log_out(self) -> None:
        """End this session on the server: both tokens stop at once."""
        answer = log_out.sync_detailed(client=self.client)
        if answer.status_code != HTTPStatus.NO_CONTENT:
            raise Refused.of(answer.status_code, answer.content)


class _BearerAuth(httpx.Auth):
    """Adds the access token; on 401 with the reason `expired`, refreshes it and sends the request again."""

    requires_response_body = True

    def __init__(self, base_url: str, tokens: Tokens, on_tokens: Callable[[Tokens], None]) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/auth/refresh"
        self._tokens = tokens
        self._on_tokens = on_tokens
        self._lock = threading.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.read()
        used = self._tokens
        request.headers["Authorization"] = f"Bearer {used.access_token}"
        response = yield request
        response.read()
        if response.status_code != HTTPStatus.UNAUTHORIZED:
            return
        if Refused.of(response.status_code, response.content).reason != "expired":
            return
        with self._lock:
            if self._tokens is used:  # else another thread was quicker
                refreshed = yield httpx.Request("POST", self._url, json={"refresh_token": used.refresh_token})
                refreshed.read()
                if not refreshed.is_success:
                    raise Refused.of(refreshed.status_code, refreshed.content)
                tokens = _tokens_of(Token.from_dict(refreshed.json()["token"]))
                self._on_tokens(tokens)
                self._tokens = tokens
        request.headers["Authorization"] = f"Bearer {self._tokens.access_token}"
        yield request


def _anonymous(base_url: str, transport: httpx.BaseTransport | None) -> Client:
    own = httpx.Client(base_url=base_url, transport=transport or RetryingTransport(), timeout=TIMEOUT_SECONDS)
    return Client(base_url).set_httpx_client(own)


def _pair(email: str, password: str) -> CredentialsRequest:
    return CredentialsRequest(email=email, password=password)


def _tokens_of(token: Token) -> Tokens:
    return Tokens(token.access_token, token.refresh_token)
