"""A fake Stripe on a local port: real HTTP, real signatures; it can be slow, fail and return false data.

It has three paths: Stripe's API under `/v1`, the page of a session under `/pay`, and `/_world/{method}`, by which
another process calls the methods of `Simulator` with JSON arguments. While it is down, only the last one answers. Only
the API is affected by delays and requested failures.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from testing.fake_stripe.api import Api, error_body
from testing.fake_stripe.forms import decode
from testing.fake_stripe.page import payment_page
from testing.fake_stripe.server import Answer, Request, Server
from testing.fake_stripe.simulator import Simulator
from testing.fake_stripe.state import FakeStripeError

LOOPBACK: Final = "127.0.0.1"
_CONTROLS: Final = (
    "advance_payout",
    "arrive",
    "cancel_at_period_end",
    "close_dispute",
    "connect_account",
    "delete_subscription",
    "deliver",
    "expire",
    "fail_debit",
    "fail_next",
    "fail_refund",
    "fail_renewal",
    "lie",
    "make_payout",
    "open_dispute",
    "pay",
    "refund",
    "reinstate_funds",
    "renew",
    "restrict_account",
    "reverse_transfer",
    "seen",
    "set_faults",
    "settle_debit",
    "settle_in",
    "settle_refund",
    "withdraw_funds",
)


class FakeStripe(Simulator):
    """Answers from when the block is entered until it is left.

    Then it forgets everything, unless `memory` names a file: there the next start finds what existed. It forgets the
    keys of idempotent requests, and events that it still had to deliver.
    """

    def __init__(
        self,
        *,
        secret_key: str = "sk_test_fake",
        webhook_secret: str = "whsec_fake",
        webhook_url: str | None = None,
        auto_deliver: bool = True,
        retries: int = 0,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        memory: str = "",
    ) -> None:
        super().__init__(
            webhook_secret=webhook_secret,
            webhook_url=webhook_url,
            auto_deliver=auto_deliver,
            retries=retries,
            clock=clock,
        )
        self.secret_key = secret_key
        self._api = Api(self.world, secret_key)
        self._server = Server(self._answer, host=LOOPBACK, port=port)
        self.base_url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self.world.base_url = self.base_url
        self._memory = Path(memory) if memory else None
        if self._memory:
            self.world.load(self._memory)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: Request) -> Answer:
        answer = self._site(request)
        if self._memory and request.method != "GET":
            self.world.save(self._memory)
        return answer

    def _site(self, request: Request) -> Answer:
        door, _, rest = request.path.removeprefix("/").partition("/")
        if door == "_world" and request.method == "POST":
            return self._control(rest, request.body)
        if self.down:
            return Answer(0)
        if door == "pay":
            return self._pay(rest, request)
        return self._ask_api(request) if door == "v1" else Answer(404)

    def _ask_api(self, request: Request) -> Answer:
        """Answer an API request, then send its events: the caller may also be the receiver of the events."""
        time.sleep(self.delay_seconds)
        with self.world.lock:
            status, after_effect = self.failures.popleft() if self.failures else (None, True)
            before = len(self.world.events)
            answer = self._api.answer(request) if after_effect else Answer(0)
            new = self.world.events[before:]
        if status is not None:
            answer = replace(answer, status=status, body=error_body(status))
        return replace(answer, afterwards=lambda: self._tell(new))

    def _pay(self, session_id: str, request: Request) -> Answer:
        """Show or pay the page. Redirects the buyer only after the merchant was notified, as Stripe does."""
        try:
            session = self.seen("checkout.session", session_id)
            name = self.world.get("checkout.session", session_id)["_name"]
            if request.method == "GET":
                return Answer.html(payment_page(session, name=name))
            how = decode(request.body.decode()).get("how", "")
            if how == "cancel":
                return _see_other(session["cancel_url"] or f"{self.base_url}/pay/{session_id}")
            paid = self.pay(session_id, how)
        except FakeStripeError as no:
            return Answer.html(f"<!doctype html><p>{no.error['type']}</p>", status=no.status)
        if paid["status"] == "open":
            return Answer.html(payment_page(paid, name=name, notice="The card was declined."))
        return _see_other(paid["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id))

    def _control(self, name: str, body: bytes) -> Answer:
        if name == "events":
            return Answer.json(self.events)
        if name not in _CONTROLS:
            return Answer.json({"error": {"message": f"There is no {name}."}}, status=404)
        try:
            arguments: dict[str, Any] = json.loads(body or b"{}")
            return Answer.json(getattr(self, name)(**arguments))
        except FakeStripeError as no:
            return Answer.json({"error": no.error}, status=no.status)
        except (TypeError, ValueError) as error:
            return Answer.json({"error": {"message": str(error)}}, status=400)


def _see_other(url: str) -> Answer:
    return Answer(303, headers={"Location": url})
