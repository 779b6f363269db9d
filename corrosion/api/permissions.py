"""Access to tracking: subscribers only. Without a subscription, owners still read their inspections and results."""

from accounts.models import User
from billing.entitlements.entitlements import corrosion_entitlement
from billing.errors import CorrosionSubscriptionRequired


def require_subscription(owner: User) -> None:
    """Raise `CorrosionSubscriptionRequired` unless the owner has a subscription."""
    if not corrosion_entitlement(owner).subscribed:
        raise CorrosionSubscriptionRequired
