"""Allowance of an owner: the policy's numbers combined with the owner's entitlement."""

from dataclasses import dataclass

from accounts.models import User
from billing.entitlements import entitlements
from inspections.models import CapturePolicy, Inspection
from inspections.modes.base import Access
from inspections.modes.registry import rules_of
from inspections.vocabulary import Mode
from maretech.common.http.errors import NotFound


@dataclass(frozen=True, slots=True)
class CorrosionAllowance:
    free_points: int
    corrosion_free_used: bool
    corrosion_points_allowed: int
    subscription_active: bool
    plan: str | None


def current_policy(mode: str) -> CapturePolicy:
    """Returns the newest version. Raises `NotFound` for a mode that does not exist."""
    known = CapturePolicy.objects.filter(mode=mode) if mode in Mode.values() else CapturePolicy.objects.none()
    policy = known.order_by("-version").first()
    if policy is None:
        raise NotFound
    return policy


def points_allowed(inspection: Inspection) -> int:
    """Returns the allowance: never less than at opening; entitlements gained since count at once."""
    return rules_of(inspection.mode).access.points_allowed_now(
        owner=inspection.owner_id,
        access=access_of(inspection),
        free_points=inspection.policy.free_points,
        max_points=inspection.policy.max_points,
    )


def access_of(inspection: Inspection) -> Access:
    return Access(inspection.access, inspection.points_allowed)


def corrosion_allowance(owner: User) -> CorrosionAllowance:
    policy, entitlement = current_policy(Mode.CORROSION), entitlements.corrosion_entitlement(owner)
    return CorrosionAllowance(
        free_points=policy.free_points,
        corrosion_free_used=entitlement.free_used,
        corrosion_points_allowed=policy.max_points if entitlement.subscribed else policy.free_points,
        subscription_active=entitlement.subscribed,
        plan=entitlement.plan,
    )
