"""Who may look back: subscribers. A lapsed subscription closes this, never the owner's inspections and results."""

from accounts.models import User
from billing.entitlements.entitlements import corrosion_entitlement
from billing.errors import CorrosionSubscriptionRequired


def require_subscription(owner: User) -> None:
    """Raises `CorrosionSubscriptionRequired`."""
    if not corrosion_entitlement(owner).subscribed:
        raise CorrosionSubscriptionRequired
