"""The link that proves an address and makes an account staff: signed, single-use, and valid for a day."""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import StaffInvitation
from accounts.notifications.mail import send_mail
from accounts.notifications.port import Message, MessageKind

LINK_LIFETIME: Final = timedelta(hours=24)


def link_of(invitation: StaffInvitation) -> str:
    """Return the address of the page where the invited person chooses a password."""
    return f"{settings.PUBLIC_URL}{reverse('admin:staff_password', args=(_token_of(invitation),))}"


def invitation_of(token: str) -> StaffInvitation | None:
    """Return the invitation of this token, with its user; None for a forged, used, replaced or expired token.

    The token depends on the password and the address, so it is void when one of them changes.
    """
    try:
        invitation_id = uuid.UUID(hex=token.partition("-")[0])
    except ValueError:
        return None
    usable = StaffInvitation.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    found = usable.select_related("user", "action").filter(pk=invitation_id).first()
    return found if found is not None and constant_time_compare(_token_of(found), token) else None


def mail_link(*, invitation_id: uuid.UUID) -> None:
    """Mail the link unless it was mailed. Safe to run twice."""
    invitation = StaffInvitation.claim(invitation_id)
    if invitation is None:
        return
    context = {"link": link_of(invitation), "hours": str(LINK_LIFETIME // timedelta(hours=1))}
    message = Message(MessageKind.STAFF_LINK, invitation.user.email, context)
    if send_mail(message, row_id=invitation.pk):
        StaffInvitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())


def pending_links() -> list[uuid.UUID]:
    """Return the invitations that are not mailed yet and that no worker has claimed."""
    return list(StaffInvitation.due().order_by("requested_at").values_list("pk", flat=True))


def _token_of(invitation: StaffInvitation) -> str:
    """Compute the token from the rows. It is not stored, and cannot be computed without the server's key."""
    user = invitation.user
    signed = f"{invitation.pk}:{user.email}:{user.password}"
    return f"{invitation.pk.hex}-{salted_hmac('accounts.staff_links', signed, algorithm='sha256').hexdigest()}"
