"""Numbers and limits far outside their plausible range."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.checks import CheckMessage, Error

from maretech.checks.command_line import is_owners_process
from maretech.common.http.throttling import parse_rate

# A number outside these bounds is a typing error, or disables the guard that it configures.
BOUNDS = {
    "TRUSTED_PROXY_COUNT": (1, 10),  # without a proxy nothing ends TLS, and all callers share one address
    "SECURE_HSTS_SECONDS": (31_536_000, 94_608_000),  # browsers' lists accept no site below a year
    "DATABASE_STATEMENT_SECONDS": (1, 600),
    "DATABASE_LOCK_SECONDS": (1, 120),
    "DATABASE_IDLE_SECONDS": (1, 600),
    "TASK_SOFT_LIMIT_SECONDS": (30, 3600),
    "TASK_HARD_LIMIT_SECONDS": (60, 7200),
    "WORKER_STOP_SECONDS": (1, 3600),
    "STRIPE_TIMEOUT_SECONDS": (1, 60),
    "APP_STORE_TIMEOUT_SECONDS": (1, 60),
    "PLAY_TIMEOUT_SECONDS": (1, 60),
    "APP_STORE_APPLE_ID": (0, 10**11),
    "ORDER_RECHECK_SECONDS": (10, 3600),
    "SUBSCRIPTION_GRACE_DAYS": (1, 30),
    "DISPUTE_ACKNOWLEDGE_HOURS": (1, 72),
    "DISPUTE_TRIAGE_HOURS": (1, 168),
    "DISPUTE_RESOLVE_DAYS": (1, 21),
    "SERVICE_FEE_BASIS_POINTS": (1, 5000),
    "INSPECTION_OPEN_HOURS": (1, 720),
    "CHECKS_AT_ONCE_PER_OWNER": (1, 8),
    "UPLOADS_PER_ANGLE": (2, 200),
    "UPLOAD_BYTES_PER_INSPECTION": (100 * 1024**2, 100 * 1024**3),
    "UPLOADS_PER_OWNER": (50, 100_000),
    "UPLOAD_BYTES_PER_OWNER": (1024**3, 512 * 1024**3),
    "EXPORT_MAX_BYTES": (64 * 1024**2, 64 * 1024**3),
    "OPENING_WINDOW_MINUTES": (1, 120),
    "RETENTION_EXPORT_HOURS": (1, 720),
    "RETENTION_RESET_CODE_HOURS": (1, 720),
    "RETENTION_SESSION_DAYS": (1, 730),
    "RETENTION_WEBHOOK_DAYS": (1, 730),
    "RETENTION_HEARTBEAT_DAYS": (1, 730),
    "HANDOVER_OPEN_HOURS": (1, 720),
    "HANDOVER_DISPUTE_DAYS": (1, 90),
    "HANDOVERS_PER_DAY": (1, 1000),
    "RETENTION_HANDOVER_DAYS": (30, 3650),
    "RETENTION_APPOINTMENT_DAYS": (30, 3650),
    "APPOINTMENT_HOLD_MINUTES": (1, 60),
    "APPOINTMENT_HOLDS": (1, 100),
    "APPOINTMENT_HOLDS_PER_DAY": (1, 10_000),
    "APPOINTMENT_LEAD_MINUTES": (1, 10_080),
    "APPOINTMENT_CANCEL_HOURS": (1, 720),
    "APPOINTMENT_MARK_HOURS": (1, 168),
    "APPOINTMENT_DISPUTE_DAYS": (1, 90),
    "REVIEW_HIDING_WEIGHT": (10, 100_000),
    "RETENTION_NOTIFICATION_DAYS": (30, 3650),  # an event must not be announced again while its row is gone
    "RETENTION_RECORDING_DAYS": (1, 30),
    "DOSSIER_MAX_AGE_DAYS": (1, 365),
    "DOSSIERS_PER_OWNER": (1, 200),
    "RECORDINGS_PER_OWNER": (1, 200),
    "DOSSIER_MAILS_PER_DAY": (1, 5),
    "LOB_TIMEOUT_SECONDS": (1, 60),
    "LETTERS_PER_DAY": (1, 100),
    "LETTER_GIVE_UP_HOURS": (24, 168),
    "RETENTION_LETTER_DAYS": (30, 180),  # letters abroad take weeks, and come back after weeks
    "REFINEMENTS_PER_DAY": (1, 500),
    "ACCESS_TOKEN_SECONDS": (60, 900),
    "REFRESH_TOKEN_DAYS": (1, 365),
    "RESET_CODE_MINUTES": (1, 60),
    "RESET_CODE_TRIES": (1, 10),
    "STEP_UP_MINUTES": (1, 60),
    "STEP_UP_NEW_ADDRESS_HOURS": (1, 168),
    "ADMIN_IDLE_MINUTES": (1, 480),
    "ADMIN_SESSION_HOURS": (1, 24),
    "UPLOAD_LINK_SECONDS": (60, 86_400),
    "VIEW_LINK_SECONDS": (60, 86_400),
    "MAX_REQUEST_BODY_BYTES": (4096, 4 * 1024 * 1024),
    "IDEMPOTENCY_KEEP_HOURS": (24, 720),
    "IDEMPOTENCY_TAKEOVER_SECONDS": (10, 600),
    "ORPHAN_AGE_HOURS": (2, 720),
    "JOB_LEASE_SECONDS": (10, 600),
    "JOB_MAX_ATTEMPTS": (1, 10),
    "JOB_REENQUEUE_SECONDS": (5, 600),
    "SWEEP_SECONDS": (1, 300),
    "COMPARISONS_RECOMPUTED_AT_ONCE": (1, 1000),
    "HEARTBEAT_SECONDS": (1, 60),
    "HEARTBEAT_STALE_SECONDS": (10, 600),
    "WHISPER_THREADS": (1, 32),
}


@dataclass(frozen=True)
class Pair:
    """Two numbers: one must fit into the other, this many times and with this much to spare."""

    lesser: str
    greater: str
    otherwise: str
    times: int = 1
    spare: int = 0

    @property
    def text(self) -> str:
        often = "" if self.times == 1 else f" {self.times} times"
        return f"{self.lesser} does not fit{often} into {self.greater}: {self.otherwise}."


_RETRIED: Final = "a request that still waits for its provider would be repeated"
PAIRS: Final = (
    Pair("HEARTBEAT_SECONDS", "HEARTBEAT_STALE_SECONDS", "consumed queues would be reported as silent", times=3),
    Pair("TASK_SOFT_LIMIT_SECONDS", "TASK_HARD_LIMIT_SECONDS", "tasks would be killed before they can stop", spare=1),
    Pair("SWEEP_SECONDS", "JOB_LEASE_SECONDS", "the sweep would find a lost job later than its lease ends"),
    Pair("VIEW_LINK_SECONDS", "RETENTION_EXPORT_HOURS", "links would outlive their exports"),
    Pair(
        "DISPUTE_ACKNOWLEDGE_HOURS",
        "DISPUTE_TRIAGE_HOURS",
        "the deadline to decide would precede the one to acknowledge",
    ),
    Pair("DISPUTE_TRIAGE_HOURS", "DISPUTE_RESOLVE_DAYS", "the deadline to answer would precede the one to decide"),
    Pair(
        "HANDOVER_DISPUTE_DAYS",
        "RETENTION_HANDOVER_DAYS",
        "a handover would lose what its reversal needs before it can no longer be disputed",
    ),
    Pair(
        "APPOINTMENT_DISPUTE_DAYS",
        "RETENTION_APPOINTMENT_DAYS",
        "scans would be deleted before their appointment can no longer be disputed",
    ),
    Pair("ADMIN_IDLE_MINUTES", "ADMIN_SESSION_HOURS", "idle sessions would never end early"),
    Pair("DATABASE_LOCK_SECONDS", "DATABASE_STATEMENT_SECONDS", "a lock wait would end as a statement timeout"),
    Pair("UPLOADS_PER_ANGLE", "UPLOADS_PER_OWNER", "the limit of an angle would have no effect"),
    Pair("UPLOAD_BYTES_PER_INSPECTION", "UPLOAD_BYTES_PER_OWNER", "the limit of an inspection would have no effect"),
    Pair("OPENING_WINDOW_MINUTES", "INSPECTION_OPEN_HOURS", "a repeated start could return an expired inspection"),
    Pair(
        "INSPECTION_OPEN_HOURS",
        "IDEMPOTENCY_KEEP_HOURS",
        "a start that is repeated late would open a second inspection",
    ),
    Pair("STRIPE_TIMEOUT_SECONDS", "IDEMPOTENCY_TAKEOVER_SECONDS", _RETRIED),
    Pair("APP_STORE_TIMEOUT_SECONDS", "IDEMPOTENCY_TAKEOVER_SECONDS", _RETRIED),
    Pair("PLAY_TIMEOUT_SECONDS", "IDEMPOTENCY_TAKEOVER_SECONDS", _RETRIED),
    Pair("LOB_TIMEOUT_SECONDS", "IDEMPOTENCY_TAKEOVER_SECONDS", _RETRIED),
)
_UNITS: Final = {"MINUTES": 60, "HOURS": 3600, "DAYS": 86_400}
# Enough for any person, too few for guessing: a whole harbour may share an address, one person has an account.
GUESSES_AN_HOUR = {"credentials": 3600, "account": 60}
# Calls an hour. Below the first bound, honest users are locked out; above the second, nothing is limited.
RATE_BOUNDS = {
    "default": (600, 60_000),
    "credentials": (30, 3600),
    "account": (5, 60),
    "payments": (30, 6000),
    "webhooks": (600, 600_000),
    "poll": (600, 60_000),
    "uploads": (600, 360_000),
}
_OWNER_MAY_WAIT: Final = ("DATABASE_STATEMENT_SECONDS", "DATABASE_LOCK_SECONDS", "DATABASE_IDLE_SECONDS")


def _numbers() -> dict[str, float]:
    """Return every number that is read from the environment, and every other that has a bound."""
    names = sorted({*settings.NUMBERS_READ, *BOUNDS})
    return {name: getattr(settings, name, settings.NUMBERS_READ.get(name, math.nan)) for name in names}


def out_of_bounds() -> Iterator[CheckMessage]:
    for name, value in _numbers().items():
        if name not in BOUNDS:
            yield Error(f"{name} has no known safe range.", id="maretech.E057")
        elif not _is_within(name, value) and not (is_owners_process() and name in _OWNER_MAY_WAIT and value == 0):
            low, high = BOUNDS[name]
            yield Error(
                f"{name} is outside its safe range, {low} to {high}.",
                id="maretech.E040" if name.startswith("RETENTION_") else "maretech.E054",
            )


def contradictions() -> Iterator[CheckMessage]:
    """Yield the pairs that disagree, except those with a number that is already reported as out of bounds."""
    numbers = {name: value for name, value in _numbers().items() if name in BOUNDS and _is_within(name, value)}
    for pair in PAIRS:
        if pair.lesser in numbers and pair.greater in numbers:
            lesser, greater = (numbers[name] * unit_of(name) for name in (pair.lesser, pair.greater))
            if pair.times * lesser + pair.spare > greater:
                yield Error(pair.text, id="maretech.E055")


def unit_of(name: str) -> int:
    """Return how many common units one unit of this number is: mostly seconds."""
    return _UNITS.get(name.rpartition("_")[2], 1)


def _is_within(name: str, value: float) -> bool:
    return BOUNDS[name][0] <= value <= BOUNDS[name][1]


def rates_out_of_bounds() -> Iterator[CheckMessage]:
    for name, rate in settings.RATE_LIMITS.items():
        try:
            count, seconds = parse_rate(rate)
        except ValueError:  # reported by `settings_make_sense`
            continue
        low, high = RATE_BOUNDS.get(name, (1, 0))
        if not low * seconds <= count * 3600 <= high * seconds and name not in GUESSES_AN_HOUR:
            yield Error(f"RATE_LIMIT_{name.upper()} locks callers out, or has no effect.", id="maretech.E062")
        elif name in GUESSES_AN_HOUR and count * 3600 < low * seconds:
            yield Error(f"RATE_LIMIT_{name.upper()} locks callers out.", id="maretech.E062")


def allows_guessing(limit: str) -> bool:
    try:
        count, seconds = parse_rate(settings.RATE_LIMITS[limit])
    except ValueError:  # reported by `settings_make_sense`
        return False
    return count * 3600 > GUESSES_AN_HOUR[limit] * seconds
