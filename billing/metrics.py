"""Metrics of billing for `/metrics`: waiting work, open work of staff, and the balance of the ledger."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Min
from prometheus_client.core import Metric

from billing.disputes import cases
from billing.inbox import events
from billing.ledger import journal
from billing.models import Finding, ProviderEvent
from billing.payees import payouts
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can
from billing.sync import polling, requested_refunds
from billing.vocabulary import EventState, FindingKind
from maretech.common.observability.metrics import Backlog, age_seconds, gauge, gauges

# The database rejects an imbalance, so an occasional check is enough.
LEDGER_EVERY_SECONDS: Final = 300
PAID_FROM: Final = (*providers_that(Can.HOST_CHECKOUT), *providers_that(Can.SELL_IN_APP))


def backlogs() -> Iterator[Backlog]:
    """Yield the work that is due. The interval between queries of an order grows, and a failed event waits to retry."""
    due = events.due().order_by().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
    yield Backlog(queue="payments", work="event", **due)
    orders = polling.due_orders().order_by().aggregate(count=Count("pk"), oldest_at=Min("look_at"))
    yield Backlog(queue="payments", work="order", **orders)
    for work, rows in (("refund", requested_refunds.due_refunds()), ("payout", payouts.due_payouts())):
        waiting = rows.order_by().aggregate(count=Count("pk"), oldest_at=Min("due_at"))
        yield Backlog(queue="payments", work=work, **waiting)


def figures() -> Iterator[Metric]:
    open_states = (EventState.WAITING, EventState.DEAD_LETTER)
    rows = ProviderEvent.objects.filter(state__in=open_states).values_list("provider", "state")
    events = {
        (provider, state): (count, at) for provider, state, count, at in rows.annotate(Count("pk"), Min("received_at"))
    }
    yield gauges(
        "maretech_provider_events",
        "Stored webhook events that are not processed: waiting for an attempt, or dead after five.",
        ["provider", "state"],
        ((labels, count) for labels, (count, _) in events.items()),
        always=product(PAID_FROM, open_states),
    )
    yield gauges(
        "maretech_provider_events_lag_seconds",
        "Seconds since the oldest waiting webhook event arrived.",
        ["provider"],
        (
            ((provider,), age_seconds(at))
            for (provider, state), (_, at) in events.items()
            if state == EventState.WAITING
        ),
        always=product(PAID_FROM),
    )
    yield gauge("maretech_disputes_overdue", "Disputes past their next deadline.", cases.overdue().count())
    yield gauge(
        "maretech_payouts_failed", "Payouts to payees that failed, and are still owed.", payouts.unpaid().count()
    )
    yield gauge("maretech_payouts_late", "Payouts to payees past the day of their arrival.", payouts.late().count())
    findings = Finding.objects.filter(settled_at=None).values_list("provider", "kind").annotate(Count("pk"))
    yield gauges(
        "maretech_differences_open",
        "Unresolved differences from the providers' books.",
        ["provider", "kind"],
        (((provider, kind), count) for provider, kind, count in findings),
        always=product(PAID_FROM, FindingKind.values()),
    )


def sums() -> Iterator[Metric]:
    """Yield the metrics that scan a whole table."""
    totals = cache.get_or_set("metrics-ledger-totals", journal.totals, LEDGER_EVERY_SECONDS)
    yield gauges(
        "maretech_ledger_imbalance",
        "Absolute sum of all postings of a unit; anything but 0 is a fault.",
        ["unit"],
        (((unit,), abs(total)) for unit, total in (totals or {}).items()),
        always=[(journal.CREDIT,)],
    )
