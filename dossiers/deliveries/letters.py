"""Worker side of letters: ask for each once, follow it, and stop it if its dossier or its money is gone.

The delivery's id is the idempotency key, and is in the letter's metadata. Once a letter was asked for, it is looked
for before it is asked for again, and before its delivery ends without one: the answer may have been lost. Each step may
be killed at any line.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone

from dossiers.deliveries import transitions
from dossiers.deliveries.endings import earn, end_unpaid, end_without_letter
from dossiers.models import Delivery
from dossiers.post.covering_letter import CoveringLetter, TooManyPages, UnknownPages, letter_pdf
from dossiers.post.ports import LetterService, PostalAddress, PostedLetter, Progress, Refused, Unavailable
from dossiers.post.registry import letter_service
from dossiers.vocabulary import DeliveryFailure, DeliveryStatus, DossierStatus
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing
from maretech.common.work.outages import postpone_in_an_outage
from maretech.common.work.queue import RESENT_AT_ONCE

log = structlog.get_logger(__name__)

# A request without an answer may still be in progress at the service. Until then no letter is not yet no letter.
SETTLED_AFTER: Final = timedelta(minutes=10)
MAX_PDF_BYTES: Final = 64 * 1024 * 1024


def work_on(delivery_id: UUID) -> None:
    """Do the next step of a letter, if it is due. Safe to run twice, and to be killed at any line."""
    letter = Delivery.claim(delivery_id, among=Delivery.due_letters(), give_up=_give_up)
    if letter is None:
        return
    with postpone_in_an_outage(lambda _: letter.postpone(), letter=str(letter.pk)):
        try:
            _step(letter)
        except Unavailable as error:
            log.warning("letter service unavailable", delivery=str(letter.pk), error=str(error))
            _postpone(letter, error)


def due_letters() -> list[UUID]:
    """Return the due letters that no worker has claimed, the oldest first."""
    return list(Delivery.due_letters().order_by("due_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


def _step(letter: Delivery) -> None:
    if letter.status == DeliveryStatus.CREATED:
        end_unpaid(letter)
        return
    service = letter_service()
    if service is None:
        _wait_for_a_service(letter)
    elif letter.status == DeliveryStatus.PAID:
        _ask(letter, service)
    elif letter.stop_reason and letter.status == DeliveryStatus.SUBMITTED:
        _take_back(letter, service)
    else:
        _follow(letter, service)


def _wait_for_a_service(letter: Delivery) -> None:
    """Raise `Unavailable`, unless no service was asked for the letter and its time is over."""
    obstacle = _obstacle(letter, is_last=False) if letter.status == DeliveryStatus.PAID else None
    if obstacle is None or letter.handed_over_at is not None:
        raise Unavailable("letters are off")
    end_without_letter(letter, obstacle)


# --- paid ------------------------------------------------------------------------------------------------------------
def _ask(letter: Delivery, service: LetterService, *, is_last: bool = False) -> None:
    """Have the letter printed once, or end without it. `is_last` allows no more request."""
    found = service.find(letter.pk) if letter.handed_over_at else None
    if found is not None:
        _note_accepted(letter, found, service)
        return
    obstacle = _obstacle(letter, is_last=is_last)
    if obstacle is not None:
        _end_unless_asked_just_now(letter, obstacle)
        return
    pdf = _printed(letter, service)
    if pdf is None or not _note_request(letter):
        return
    assert letter.address is not None
    try:
        made = service.send(letter.pk, to=PostalAddress.of(letter.address), pdf=pdf)
    except Refused as refusal:
        end_without_letter(letter, DeliveryFailure.REFUSED, error=str(refusal))
    else:
        _note_accepted(letter, made, service)


def _obstacle(letter: Delivery, *, is_last: bool) -> DeliveryFailure | None:
    """Return why no letter may be asked for any more."""
    if letter.stop_reason:
        return DeliveryFailure(letter.stop_reason)
    if letter.dossier.status != DossierStatus.FINAL or not letter.dossier.owner.is_active:
        return DeliveryFailure.DOSSIER_REVOKED
    if letter.dossier.vessel_handed_over_at is not None:
        return DeliveryFailure.HANDED_OVER
    given_up_at = (letter.paid_at or letter.created_at) + timedelta(hours=settings.LETTER_GIVE_UP_HOURS)
    return DeliveryFailure.NOT_ACCEPTED if is_last or given_up_at <= timezone.now() else None


def _end_unless_asked_just_now(letter: Delivery, reason: DeliveryFailure) -> None:
    asked_at = letter.handed_over_at
    if asked_at is not None and timezone.now() - asked_at < SETTLED_AFTER:
        letter.update_unless_changed(due_at=asked_at + SETTLED_AFTER)
        return
    end_without_letter(letter, reason)


def _printed(letter: Delivery, service: LetterService) -> bytes | None:
    """Return the file to print. Ends the letter and returns None if there can be none."""
    assert letter.address is not None
    dossier = letter.dossier
    covering = CoveringLetter(
        language=dossier.language, dated_at=int((letter.paid_at or letter.created_at).timestamp())
    )
    try:
        pdf = object_store().read(dossier.pdf_uri, max_bytes=MAX_PDF_BYTES)
        return letter_pdf(covering, pdf, most_pages=service.most_pages(str(letter.address["country"])))
    except TooManyPages:
        _end_unless_asked_just_now(letter, DeliveryFailure.TOO_MANY_PAGES)
    except (UnknownPages, ObjectMissing):  # the last only if it was revoked at this moment, or is damaged
        log.exception("dossier not printable", delivery=str(letter.pk))
        _end_unless_asked_just_now(letter, DeliveryFailure.NOT_PRINTED)
    return None


def _note_request(letter: Delivery) -> bool:
    """Note that the letter is asked for now. Returns False if it was stopped, or another attempt is at work."""
    now = timezone.now()
    unchanged = Delivery.unfinished().filter(pk=letter.pk, attempts=letter.attempts)
    asked = unchanged.filter(status=DeliveryStatus.PAID, stop_reason="").update(handed_over_at=now)
    letter.handed_over_at = now
    return bool(asked)


def _note_accepted(letter: Delivery, made: PostedLetter, service: LetterService) -> None:
    if transitions.submit(letter, provider_ref=made.ref):
        log.info("letter accepted", delivery=str(letter.pk), letter=made.ref)
        apply(letter, made.progress)
    elif not Delivery.objects.filter(pk=letter.pk, provider_ref=made.ref).exists():
        # The answer took so long that the delivery ended without it.
        was_printed = not service.cancel(made.ref)
        log.error("letter without a delivery", delivery=str(letter.pk), letter=made.ref, printed=was_printed)


# --- submitted -------------------------------------------------------------------------------------------------------
def _take_back(letter: Delivery, service: LetterService) -> None:
    """Cancel the letter at its service. If it is printed already, it goes its way and is earned."""
    if service.cancel(letter.provider_ref):
        end_without_letter(letter, DeliveryFailure(letter.stop_reason))
        return
    log.warning("letter printed before it was stopped", delivery=str(letter.pk), reason=letter.stop_reason)
    letter.update_unless_changed(stop_reason="", attempts=0, due_at=timezone.now() + transitions.FOLLOW_AFTER)
    earn(letter)


def _follow(letter: Delivery, service: LetterService) -> None:
    found = service.read(letter.provider_ref)
    if found is None:
        log.error("letter unknown to its service", delivery=str(letter.pk), letter=letter.provider_ref)
    else:
        apply(letter, found.progress)
    letter.update_unless_changed(attempts=0, due_at=timezone.now() + transitions.FOLLOW_AFTER)


def apply(letter: Delivery, progress: Progress) -> None:
    """Move a submitted letter as far as its service says. News that came before changes nothing."""
    if letter.status in transitions.ENDED:
        return
    _STEPS[progress](letter)


def _travel(letter: Delivery) -> None:
    if letter.status == DeliveryStatus.SUBMITTED and transitions.travel(letter):
        earn(letter)


def _arrive(letter: Delivery) -> None:
    earn(letter)
    transitions.deliver(letter)


def _come_back(letter: Delivery) -> None:
    earn(letter)
    transitions.return_to_sender(letter, DeliveryFailure.UNDELIVERABLE)


def _fail(letter: Delivery) -> None:
    end_without_letter(letter, DeliveryFailure.NOT_PRINTED)


def _cancelled(letter: Delivery) -> None:
    """End a letter that was cancelled for the reason we gave, or by somebody in the account of the service."""
    end_without_letter(letter, DeliveryFailure(letter.stop_reason or DeliveryFailure.CANCELLED))


_STEPS: Final[Mapping[Progress, Callable[[Delivery], None]]] = {
    Progress.ACCEPTED: lambda _: None,
    Progress.IN_TRANSIT: _travel,
    Progress.DELIVERED: _arrive,
    Progress.RETURNED: _come_back,
    Progress.FAILED: _fail,
    Progress.CANCELLED: _cancelled,
}


# --- outages and crashes ---------------------------------------------------------------------------------------------
def _postpone(letter: Delivery, error: Unavailable) -> None:
    """Try again later. An outage does not count as an attempt; a paid letter has its own limit of time."""
    letter.postpone()
    if error.retry_after is not None:
        wait = timedelta(seconds=error.retry_after)
        Delivery.objects.filter(pk=letter.pk, attempts=letter.attempts - 1, due_at__lt=timezone.now() + wait).update(
            due_at=timezone.now() + wait
        )


def _give_up(letter: Delivery) -> None:
    """End a paid letter that killed its workers, without asking for it again. Others are tried again later."""
    log.error("letter given up", delivery=str(letter.pk), attempts=letter.attempts, status=letter.status)
    service = letter_service()
    later = timezone.now() + letter.retry.longest
    letter.update_unless_changed(due_at=later)
    if letter.status == DeliveryStatus.PAID and service is not None:
        try:
            _ask(letter, service, is_last=True)
        except Unavailable as error:
            log.warning("letter service unavailable", delivery=str(letter.pk), error=str(error))
    elif letter.status != DeliveryStatus.PAID:
        letter.update_unless_changed(attempts=0, due_at=later)
