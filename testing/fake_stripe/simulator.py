"""The events in the world of a fake Stripe, one at a time, and their delivery. Contains no HTTP interface."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, Concatenate, ParamSpec

from testing.fake_stripe import checkout, disputes, payments, payouts, subscriptions, transfers, webhooks
from testing.fake_stripe.payments import How
from testing.fake_stripe.state import Thing, World

P = ParamSpec("P")


class Simulator:
    """Each method returns what it changed, as the API shows it. Raises `FakeStripeError` for what is impossible.

    `events` holds all events in order. With a `webhook_url` and `auto_deliver`, a call returns only after its events
    were sent once, and again up to `retries` times after an answer other than 2xx.
    """

    def __init__(
        self,
        *,
        webhook_secret: str,
        webhook_url: str | None = None,
        auto_deliver: bool = True,
        retries: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = World(clock=clock)
        self.webhook_secret = webhook_secret
        self.webhook_url = webhook_url
        self.auto_deliver = auto_deliver
        self.retries = retries
        self.delay_seconds = 0.0
        self.down = False
        self.failures: deque[tuple[int, bool]] = deque()

    @property
    def events(self) -> list[Thing]:
        with self.world.lock:
            return list(self.world.events)

    def seen(self, kind: str, ref: str, expand: Sequence[str] = ()) -> Thing:
        """Return a thing as the API shows it; `kind` is its `object`, such as `payment_intent`."""
        with self.world.lock:
            return self.world.seen(self.world.get(kind, ref), expand)

    # Buyers and their pages.

    def open_page(self, params: Thing) -> Thing:
        """Open a page on behalf of another program of the account, as by an API call."""
        return self._happens(checkout.open_session, params)

    def pay(self, session_id: str, how: How = "card") -> Thing:
        """Pay by card at once; by bank debit promise; if declined, the page stays open. Returns the session."""
        return self._happens(checkout.pay, session_id, how)

    def settle_debit(self, session_id: str) -> Thing:
        return self._happens(checkout.settle_debit, session_id)

    def fail_debit(self, session_id: str) -> Thing:
        return self._happens(checkout.fail_debit, session_id)

    def expire(self, session_id: str) -> Thing:
        return self._happens(checkout.expire, session_id)

    # Refunds. A `payment_ref` is a payment intent's id.

    def refund(self, payment_ref: str, amount_minor: int | None = None) -> Thing:
        """Refund by hand, as in Stripe's dashboard: all that is left, or part of it. A bank debit's stays pending."""
        return self._happens(payments.refund, payment_ref, amount_minor)

    def settle_refund(self, refund_id: str) -> Thing:
        return self._happens(payments.settle_refund, refund_id)

    def fail_refund(self, refund_id: str) -> Thing:
        return self._happens(payments.fail_refund, refund_id)

    # Disputes: only the second and the third method move money.

    def open_dispute(
        self, payment_ref: str, amount_minor: int | None = None, *, inquiry: bool = False, fee_minor: int = 1500
    ) -> Thing:
        """Open a dispute. The fee is withdrawn with the funds."""
        return self._happens(disputes.open_dispute, payment_ref, amount_minor, inquiry=inquiry, fee_minor=fee_minor)

    def withdraw_funds(self, dispute_id: str) -> Thing:
        return self._happens(disputes.withdraw_funds, dispute_id)

    def reinstate_funds(self, dispute_id: str) -> Thing:
        return self._happens(disputes.reinstate_funds, dispute_id)

    def close_dispute(self, dispute_id: str, *, won: bool) -> Thing:
        return self._happens(disputes.close_dispute, dispute_id, won=won)

    # Subscriptions, period by period.

    def renew(self, subscription_id: str) -> Thing:
        """Pay the next period, or the one that is overdue. Returns the invoice."""
        return self._happens(subscriptions.renew, subscription_id)

    def fail_renewal(self, subscription_id: str) -> Thing:
        """Begin the next period with its payment due. Returns the invoice."""
        return self._happens(subscriptions.fail_renewal, subscription_id)

    def cancel_at_period_end(self, subscription_id: str) -> Thing:
        return self._happens(subscriptions.cancel_at_period_end, subscription_id)

    def delete_subscription(self, subscription_id: str) -> Thing:
        return self._happens(subscriptions.delete_subscription, subscription_id)

    # Payouts to our bank.

    def make_payout(self, amount_minor: int | None = None, *, currency: str = "eur", arrives_in_days: int = 2) -> Thing:
        """Pay out the whole balance, or part of it."""
        return self._happens(payouts.make_payout, amount_minor, currency=currency, arrives_in_days=arrives_in_days)

    def advance_payout(self, payout_id: str, state: str) -> Thing:
        """Move the payout to `in_transit`, `paid`, `failed` or `canceled`."""
        return self._happens(payouts.advance_payout, payout_id, state)

    # Payees, and our transfers to them.

    def connect_account(self, *, country: str = "DE", currency: str = "eur") -> Thing:
        """Connect the account of a payee, who can take transfers from now on."""
        return self._happens(transfers.connect_account, country=country, currency=currency)

    def restrict_account(self, account_id: str) -> Thing:
        """Have the account take no more transfers, as when a document is missing."""
        return self._happens(transfers.restrict_account, account_id)

    def send(self, params: Thing) -> Thing:
        """Send money to a connected account by hand, or by another program of the account."""
        return self._happens(transfers.send, params)

    def arrive(self, transfer_id: str) -> Thing:
        """Let the money of a transfer become available to its payee."""
        return self._happens(transfers.arrive, transfer_id)

    def reverse_transfer(self, transfer_id: str, amount_minor: int | None = None) -> Thing:
        """Take a transfer back, or a part of it."""
        return self._happens(transfers.reverse, transfer_id, amount_minor)

    def settle_in(self, currency: str, *, rate: float) -> None:
        """Keep the balance in this currency from now on: one unit of the buyers' currency is `rate` of it."""
        with self.world.lock:
            self.world.settles_in, self.world.rate = currency, rate

    # Faults and false data.

    def set_faults(self, *, delay_seconds: float | None = None, down: bool | None = None) -> None:
        """Set a delay before the API begins its work, or close connections without an answer while it is down."""
        self.delay_seconds = self.delay_seconds if delay_seconds is None else delay_seconds
        self.down = self.down if down is None else down

    def fail_next(self, n: int = 1, *, status: int = 500, after_effect: bool = False) -> None:
        """Answer the next n API requests with this status, 0 for no answer. With `after_effect`, their work is done."""
        with self.world.lock:
            self.failures.extend([(status, after_effect)] * n)

    def lie(self, ref: str, **fields: Any) -> None:
        """Show a thing with these false fields in the API and in events. Without fields, show the truth again."""
        with self.world.lock:
            self.world.lies[ref] = fields

    # Webhook events.

    def signed(
        self, event: Thing, *, secret: str | None = None, at: float | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of an event, to send, or to forge with another secret or time."""
        return webhooks.signed(event, secret=self.webhook_secret if secret is None else secret, at=at)

    def deliver(
        self,
        events: Sequence[Thing] | None = None,
        *,
        times: int = 1,
        seed: int | None = None,
        senders: int = 1,
        retries: int | None = None,
    ) -> list[int]:
        """Deliver these events, or all, each this many times; shuffled if there is a seed, with this many in parallel.

        Returns the status of each in the order of sending, 0 for no answer.
        """
        batch = [event for event in (self.events if events is None else events) for _ in range(times)]
        if seed is not None:
            Random(seed).shuffle(batch)
        with ThreadPoolExecutor(senders) as pool:
            return list(pool.map(lambda event: self._send(event, self.retries if retries is None else retries), batch))

    def _send(self, event: Thing, retries: int) -> int:
        if not self.webhook_url:
            raise ValueError("There is no webhook_url to send to.")
        return webhooks.send(event, url=self.webhook_url, secret=self.webhook_secret, retries=retries)

    def _happens(self, what: Callable[Concatenate[World, P], Thing], *args: P.args, **named: P.kwargs) -> Thing:
        with self.world.lock:
            before = len(self.world.events)
            shown = self.world.seen(what(self.world, *args, **named))
            new = self.world.events[before:]
        self._tell(new)
        return shown

    def _tell(self, new: Sequence[Thing]) -> None:
        if new and self.webhook_url and self.auto_deliver:
            self.deliver(new)
