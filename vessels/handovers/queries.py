"""The handovers of a party."""

from uuid import UUID

from accounts.models import User
from maretech.common.http.errors import NotFound
from vessels.models import Handover


def own_handover(*, user: User, handover_id: UUID) -> Handover:
    """Return the handover if the user is a party of it. Raises `NotFound`."""
    handover = Handover.objects.of(user).select_related("vessel").filter(pk=handover_id).first()
    if handover is None:
        raise NotFound
    return handover
