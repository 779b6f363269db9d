"""What the parties of a handover are notified of, and staff of a dispute. Each runs in the transaction of the event."""

from typing import Final
from uuid import UUID

from notifications.notify import notify, withdraw
from notifications.vocabulary import KindName
from vessels.models import Handover
from vessels.vocabulary import HandoverStatus, Party

# Whom the end of an offer is news to: not the one who ended it.
_ENDS: Final = {
    HandoverStatus.DECLINED: (KindName.HANDOVER_DECLINED, (Party.SELLER,)),
    HandoverStatus.EXPIRED: (KindName.HANDOVER_EXPIRED, (Party.SELLER, Party.BUYER)),
}


def notify_of_offer(handover: Handover) -> None:
    _notify(handover, KindName.HANDOVER_OFFERED, Party.BUYER)


def notify_of_end(handover: Handover) -> None:
    """Notify of an offer that was declined or has expired. A cancelled one is withdrawn, and a failed one is seen."""
    kind, parties = _ENDS.get(HandoverStatus(handover.status), (None, ()))
    if kind is not None:
        _notify(handover, kind, *parties)


def notify_of_completion(handover: Handover) -> None:
    """Notify both parties that the vessel has its new owner, and again if staff decide that it keeps it."""
    _notify(handover, KindName.HANDOVER_COMPLETED, *Party, again="decided" if handover.decided_at else "")


def notify_of_dispute(handover: Handover) -> None:
    _notify(handover, KindName.HANDOVER_DISPUTED, *Party)
    notify(
        kind=KindName.HANDOVER_TO_DECIDE,
        recipient=None,
        event_key=f"{KindName.HANDOVER_TO_DECIDE}:{handover.pk}",
        data={"handover_id": handover.pk},
    )


def notify_of_reversal(handover: Handover) -> None:
    _notify(handover, KindName.HANDOVER_REVERSED, *Party)


def withdraw_offer(handover: Handover) -> None:
    """Send no more notices of an offer that is over."""
    if handover.buyer_id is not None:
        withdraw(recipient=handover.buyer_id, kinds=(KindName.HANDOVER_OFFERED,), about={"handover_id": handover.pk})


def _notify(handover: Handover, kind: KindName, *parties: Party, again: str = "") -> None:
    accounts: dict[Party, UUID | None] = {Party.SELLER: handover.seller_id, Party.BUYER: handover.buyer_id}
    for party in parties:
        owner_id = accounts[party]
        if owner_id is not None:
            event = ":".join(filter(None, (kind, str(handover.pk), party, again)))
            notify(kind=kind, recipient=owner_id, event_key=event, data={"handover_id": handover.pk})
