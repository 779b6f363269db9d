"""Worker side of an offer: find the buyer's account, mail both codes, and invite an address without an account.

A code is made when it is mailed; the row keeps its keyed hash alone. A worker that is killed before the mail was
accepted leaves the row to the next one, which makes another code. An invitation is mailed at most once.
"""

import secrets
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from accounts.notifications.mail import send_mail
from accounts.notifications.port import (
    ChannelUnavailable,
    Message,
    MessageKind,
    MessageRefused,
    OutcomeUnknown,
    registered_channel,
)
from maretech.common.http.rate_counter import count_one
from maretech.common.work.queue import RESENT_AT_ONCE
from vessels.handovers import notices
from vessels.models import OPEN, Handover, HandoverCode
from vessels.vocabulary import Party

_DAY_SECONDS: Final = 86_400
_KINDS: Final = {Party.SELLER: MessageKind.HANDOVER_CODE_OF_SELLER, Party.BUYER: MessageKind.HANDOVER_CODE_OF_BUYER}

log = structlog.get_logger(__name__)


def codes_of(handover_id: UUID) -> list[UUID]:
    """Return the codes of an offer to mail now, and the one of a buyer to look for or to invite."""
    return list(HandoverCode.due().filter(handover=handover_id).values_list("pk", flat=True))


def due_codes() -> list[UUID]:
    """Return the codes that no worker has claimed, the longest due first."""
    return list(HandoverCode.due().order_by("due_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


def send_code(code_id: UUID) -> None:
    """Mail the code, or the invitation of a buyer without an account. Safe to run twice, also at once."""
    claimed = HandoverCode.claim(code_id)
    if claimed is None:
        return
    row = HandoverCode.objects.select_related("handover__seller", "handover__buyer").get(pk=claimed.pk)
    if row.party == Party.SELLER or row.handover.buyer is not None:
        _mail_code(claimed, row.handover)
    elif find_buyer(row.handover_id):
        send_code(code_id)
    else:
        _invite(row.handover)


def offers_to_new_accounts() -> list[UUID]:
    """Return the open offers to an address that an account has proven since."""
    waiting = Handover.objects.filter(status__in=OPEN, buyer=None)
    found = waiting.filter(Exists(_accounts().filter(email=OuterRef("to_email")).exclude(pk=OuterRef("seller"))))
    return list(found.order_by("created_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


@transaction.atomic
def find_buyer(handover_id: UUID) -> bool:
    """Note which account has proven the offer's address, and notify it. Returns whether the buyer is known now."""
    handover = Handover.objects.select_for_update().filter(pk=handover_id, status__in=OPEN).first()
    if handover is None or handover.buyer_id is not None:
        return handover is not None
    buyer = _accounts().filter(email=handover.to_email).exclude(pk=handover.seller_id).first()
    if buyer is None:
        return False
    handover.buyer = buyer
    handover.save(update_fields=["buyer"])
    code = HandoverCode.unfinished().filter(handover=handover, party=Party.BUYER)
    code.update(due_at=timezone.now(), attempts=0)
    notices.notify_of_offer(handover)
    return True


def is_right(row: HandoverCode, code: str) -> bool:
    return constant_time_compare(row.code_hash, hash_code(row, code))


def hash_code(row: HandoverCode, code: str) -> str:
    """Return the keyed hash. It is useless without the server's key, although only a million codes exist."""
    return salted_hmac("vessels.handover_codes", f"{row.pk}:{code}", algorithm="sha256").hexdigest()


def _accounts() -> QuerySet[User]:
    """Return the accounts that can take over a vessel: open ones with a proven address."""
    return User.objects.filter(is_active=True, email_verified_at__isnull=False)


def _mail_code(row: HandoverCode, handover: Handover) -> None:
    code, party = f"{secrets.randbelow(1_000_000):06d}", Party(row.party)
    reader = handover.seller if party == Party.SELLER else handover.buyer
    assert reader is not None
    row.code_hash = hash_code(row, code)
    if not row.update_unless_changed(code_hash=row.code_hash):
        return
    message = Message(_KINDS[party], reader.email, {"code": code, **_until(handover)})
    if reader.is_active and send_mail(message, row_id=row.pk):
        # Another worker may have made a newer code meanwhile. Then that worker's mail counts, not this one.
        HandoverCode.unfinished().filter(pk=row.pk, code_hash=row.code_hash).update(sent_at=timezone.now())


def _invite(handover: Handover) -> None:
    """Invite the address, unless it was invited. A mail is repeated only if it was surely not accepted."""
    uninvited = Handover.objects.filter(pk=handover.pk, invited_at=None, status__in=OPEN)
    if not uninvited.update(invited_at=timezone.now()) or not _may_be_invited(handover.to_email):
        return
    try:
        registered_channel().deliver(Message(MessageKind.HANDOVER_INVITATION, handover.to_email, _until(handover)))
    except (OutcomeUnknown, MessageRefused) as exc:
        log.warning("invitation not repeated", handover=str(handover.pk), error=str(exc))
    except ChannelUnavailable as exc:
        log.warning("invitation not sent, the sweep will retry", handover=str(handover.pk), error=str(exc))
        Handover.objects.filter(pk=handover.pk).update(invited_at=None)


def _may_be_invited(to_email: str) -> bool:
    """Count one invitation to the address, over all sellers. Returns False beyond the daily limit."""
    key = salted_hmac("vessels.handovers", to_email, algorithm="sha256").hexdigest()
    return count_one(f"handover-to:{key}", window_seconds=_DAY_SECONDS).count <= settings.HANDOVERS_PER_DAY


def _until(handover: Handover) -> dict[str, str]:
    return {"until": f"{handover.expires_at:%Y-%m-%d %H:%M} UTC"}
