"""Explain an inspection in words for staff: its current state, the next automatic step, and possible actions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, prefetch_related_objects
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.lifecycle.status_query import waiting_of
from inspections.models import InferenceJob, Inspection, InspectionQuerySet, JobAttempt, Result
from inspections.support.photo_checklist import AwaitedPhotos
from inspections.vocabulary import AccessKind, FailureReason, InspectionStatus, JobState, WaitingFor
from maretech.common.observability.heartbeat import silent_queues

NO_NEXT_STEP = "None: this state is final."


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences, most important first."""

    current: tuple[str, ...]
    next: tuple[str, ...]
    staff: tuple[str, ...]

    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (
            ("Current state", self.current),
            ("Next automatic step", self.next),
            ("What staff can do", self.staff),
        )

    def lines(self) -> list[str]:
        """Plain text for a terminal."""
        return [line for title, texts in self.sections() for line in (f"{title}:", *(f"  - {text}" for text in texts))]


def explainable_inspections() -> InspectionQuerySet:
    """Returns inspections with the data that `explain` needs; deleted ones too."""
    related = Inspection.objects.select_related("owner", "policy", "job", "result")
    return related.annotate(pass_standing=entitlements.osmosis_pass_standing(OuterRef("owner_id")))


def explain(inspection: Inspection) -> Explanation:
    """Explain one inspection of `explainable_inspections()`. Queries the object store while photos are awaited."""
    if inspection.deleted_at is not None:
        return _deleted(inspection, inspection.deleted_at)
    prefetch_related_objects([inspection], "slots__assets", "job__attempts")
    return _EXPLAIN[inspection.status](inspection)


def _deleted(inspection: Inspection, deleted_at: datetime) -> Explanation:
    if inspection.purged_at is None:
        photos, coming = "Its photos are still in the store.", "The next purge (every minute) deletes its photos."
    else:
        rows_end_at = deleted_at + timedelta(seconds=settings.UPLOAD_LINK_SECONDS)
        photos = f"Its photos were deleted {when(inspection.purged_at)}."
        coming = f"Its rows are deleted once no upload link can write any more: {when(rows_end_at)}."
    return Explanation(
        (f"Deleted by its owner {when(deleted_at)}. The owner no longer sees it.", photos),
        (coming, *([_idle_queue_warning("housekeeping")] if "housekeeping" in silent_queues() else [])),
        ("Nothing: it cannot be restored.",),
    )


def _pending(inspection: Inspection) -> Explanation:
    if not inspection.takes_photos():
        return Explanation(
            (f"Its deadline passed {when(inspection.expires_at)} without a submission.",),
            (f"The next sweep (every {settings.SWEEP_SECONDS} s) ends it as expired.", *_sweep_warning()),
            ("Ask the owner to begin a new inspection, which costs nothing more.",),
        )
    expiry = f"Unless it is submitted, it ends as expired {when(inspection.expires_at)}, at no cost to the owner."
    if waiting_of(inspection).reason == WaitingFor.PAYMENT:
        return _unpaid(inspection, expiry)
    return _awaiting_photos(inspection, expiry)


def _unpaid(inspection: Inspection, expiry: str) -> Explanation:
    since = f"It was opened {when(inspection.created_at)} under an osmosis pass that is no longer valid."
    credits = entitlements.osmosis_entitlement(inspection.owner_id).credits
    if credits:
        has_credit = f"The owner has {credits} credit(s), and submitting spends one."
        return Explanation((since, has_credit), (expiry,), ("Tell the owner to submit.",))
    return Explanation(
        ("Waits for payment.", since, "The owner has no credit either, so submitting it is refused."),
        (expiry,),
        ("Ask the owner to pay. If test payments are on, grant a test pass on the owner's entitlement page.",),
    )


def _awaiting_photos(inspection: Inspection, expiry: str) -> Explanation:
    photos = AwaitedPhotos.of(inspection)
    current = [f"Waits for photos since it was opened {when(inspection.created_at)}.", *photos.lines()]
    if photos.unchecked and "checks" in silent_queues():
        current.append(_idle_queue_warning("checks"))
    return Explanation(tuple(current), (expiry,), (_advice_on(photos),))


def _advice_on(photos: AwaitedPhotos) -> str:
    if photos.missing:
        return "Ask the owner for the missing photos."
    if photos.unusable:
        return "Ask the owner to retake what cannot be used, and then to submit."
    return "Ask the owner to press submit in the app."


def _processing(inspection: Inspection) -> Explanation:
    job: InferenceJob | None = getattr(inspection, "job", None)
    if job is None:
        return Explanation(("It has no job, which is a fault.",), ("None.",), ("Report it to an engineer.",))
    return _running(job) if job.state == JobState.RUNNING else _queued(inspection, job)


def _queued(inspection: Inspection, job: InferenceJob) -> Explanation:
    silent = [queue for queue in silent_queues() if queue in ("analyses", "sweep")]
    current = [_why_queued(inspection, job), _queue_position(job)]
    if "analyses" in silent:
        current.insert(0, _idle_queue_warning("analyses"))
    advice = "Nothing: the queue has workers."
    if silent:
        advice = f"Start or restart the workers of {', '.join(silent)}; the inspection then continues by itself."
    return Explanation(tuple(current), (_next_message(job), *_sweep_warning()), (advice,))


def _why_queued(inspection: Inspection, job: InferenceJob) -> str:
    if waiting_of(inspection).reason == WaitingFor.RETRY:
        return f"{_attempt(job)} failed; it waits for the next one since {when(job.queued_at)}. {_last_error(job)}"
    return f"Waits for a worker since {when(job.queued_at)}."


def _queue_position(job: InferenceJob) -> str:
    jobs = InferenceJob.objects
    before = jobs.filter(state=JobState.QUEUED, queued_at__lt=job.queued_at).count()
    return f"Jobs queued before it: {before}; running now: {jobs.filter(state=JobState.RUNNING).count()}."


def _next_message(job: InferenceJob) -> str:
    sent_again_at = job.enqueued_at + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    sweep = f"the sweep (every {settings.SWEEP_SECONDS} s)"
    if sent_again_at <= timezone.now():
        return f"At its next run {sweep} sends it to a worker."
    return f"A worker takes it when one is free; {sweep} sends it again after {when(sent_again_at)}."


def _running(job: InferenceJob) -> Explanation:
    attempts = list(job.attempts.all())
    worker = attempts[-1].worker if attempts else "unknown"
    started = when(attempts[-1].started_at) if attempts else "at an unknown time"
    current = [
        f"{_attempt(job)} is running on {worker} since {started}.",
        f"{job.progress_done} of {job.progress_total} photos are done.",
    ]
    current.extend([error] if (error := _last_error(job)) else [])
    assert job.lease_until is not None
    if job.lease_until > timezone.now():
        lease = f"Its lease ends {when(job.lease_until)} and is renewed while the worker runs."
        coming = "When the attempt ends, the owner gets the result. If the worker dies, the sweep queues the job again."
        return Explanation((*current, lease), (coming, *_sweep_warning()), ("Nothing: wait.",))
    current.append(f"Its lease ended {when(job.lease_until)}: the worker has probably died.")
    last = job.attempt >= settings.JOB_MAX_ATTEMPTS
    end = "it fails, as this was the last attempt" if last else "it is queued for its next attempt"
    coming = f"The next sweep (every {settings.SWEEP_SECONDS} s) recovers the job: {end}."
    return Explanation(tuple(current), (coming, *_sweep_warning()), ("Nothing, if the sweep runs.",))


def _completed(inspection: Inspection) -> Explanation:
    result: Result | None = getattr(inspection, "result", None)
    if result is None:
        return Explanation(("It has no result, which is a fault.",), ("None.",), ("Report it to an engineer.",))
    seen = f"Signal: {result.signal_detected}, confidence {result.confidence_level}, by {result.model_version}."
    return Explanation(
        (f"Completed {_when_or_unknown(inspection.finished_at)}; the owner has the result.", seen),
        (NO_NEXT_STEP,),
        ("Nothing: a result never changes.",),
    )


def _failed(inspection: Inspection) -> Explanation:
    ended = _when_or_unknown(inspection.finished_at)
    if inspection.failure_reason == FailureReason.TECHNICAL:
        return _technically_failed(inspection, ended)
    if inspection.failure_reason == FailureReason.EXPIRED:
        current = (f"Expired {ended}: it was not submitted by {when(inspection.expires_at)}.", _cost(inspection))
        return Explanation(current, (NO_NEXT_STEP,), ("Ask the owner to begin a new inspection.",))
    return Explanation((f"Ended by its owner {ended}.",), (NO_NEXT_STEP,), ("Nothing.",))


def _technically_failed(inspection: Inspection, ended: str) -> Explanation:
    job: InferenceJob | None = getattr(inspection, "job", None)
    tried = (f"{_attempt(job)} was the last.", _last_error(job)) if job else ("It has no job.",)
    return Explanation(
        (f"Failed for a technical reason {ended}.", *tried, _cost(inspection)),
        (NO_NEXT_STEP,),
        (f"Re-queue it, with a reason: {settings.JOB_MAX_ATTEMPTS} more attempts at no new charge.",),
    )


def _cost(inspection: Inspection) -> str:
    if inspection.access == AccessKind.CREDIT:
        return "The credit that it held was returned."
    return "It cost the owner nothing."


def _attempt(job: InferenceJob) -> str:
    return f"Attempt {job.attempt} of {settings.JOB_MAX_ATTEMPTS}"


def _last_error(job: InferenceJob) -> str:
    failed: list[JobAttempt] = [attempt for attempt in job.attempts.all() if attempt.error]
    if not failed:
        return ""
    at = _when_or_unknown(failed[-1].ended_at)
    return f"Last error, on {failed[-1].worker} {at}: {failed[-1].error}"


def _idle_queue_warning(queue: str) -> str:
    seconds = settings.HEARTBEAT_STALE_SECONDS
    return f"No worker consumed the queue {queue} in the last {seconds} s."


def _sweep_warning() -> tuple[str, ...]:
    if "sweep" not in silent_queues():
        return ()
    return (f"{_idle_queue_warning('sweep')} Until one runs, sweep by hand: `make manage ARGS=sweep_jobs`.",)


def when(at: datetime) -> str:
    """A moment with its distance from now: "2026-05-01 10:00:00 UTC (3 h 5 min ago)"."""
    past = at <= timezone.now()
    return f"{at:%Y-%m-%d %H:%M:%S} UTC ({f'{distance(at)} ago' if past else f'in {distance(at)}'})"


def distance(at: datetime) -> str:
    """Distance from now, before or after: "3 h 5 min"."""
    return _length(abs(int((timezone.now() - at).total_seconds())))


def _when_or_unknown(at: datetime | None) -> str:
    return when(at) if at else "at an unknown time"


def _length(seconds: int) -> str:
    """The two largest nonzero units."""
    sizes = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    first = next((place for place, (_, size) in enumerate(sizes) if seconds >= size), len(sizes) - 1)
    parts: list[str] = []
    for unit, size in sizes[first : first + 2]:
        count, seconds = divmod(seconds, size)
        if count or not parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


_EXPLAIN: dict[str, Callable[[Inspection], Explanation]] = {
    InspectionStatus.PENDING: _pending,
    InspectionStatus.PROCESSING: _processing,
    InspectionStatus.COMPLETED: _completed,
    InspectionStatus.FAILED: _failed,
}
