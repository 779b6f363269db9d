"""What an owner is notified of about a dossier. Each runs in the transaction of what happened."""

from dossiers.models import Dossier
from notifications.notify import notify, withdraw
from notifications.vocabulary import KindName


def notify_of_document(dossier: Dossier) -> None:
    notify(
        kind=KindName.DOSSIER_READY,
        recipient=dossier.owner_id,
        event_key=f"{KindName.DOSSIER_READY}:{dossier.pk}",
        data={"dossier_id": dossier.pk},
    )


def withdraw_notices(dossier: Dossier) -> None:
    """Send nothing more about a dossier that was revoked."""
    withdraw(
        recipient=dossier.owner_id,
        kinds=(KindName.DOSSIER_READY, KindName.DOSSIER_DELIVERED, KindName.DOSSIER_DELIVERY_FAILED),
        about={"dossier_id": dossier.pk},
    )
