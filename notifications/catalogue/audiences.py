"""Who belongs to an audience. Everyone with an account is an owner; an app registers who is more than that."""

from collections.abc import Callable
from typing import Final

from accounts.models import User
from notifications.vocabulary import Audience

_are_members: Final[dict[Audience, Callable[[User], bool]]] = {}


def register_audience(audience: Audience, is_member: Callable[[User], bool]) -> None:
    """Say who belongs to an audience. Its app calls this in `ready`."""
    _are_members[audience] = is_member


def audiences_of(user: User) -> frozenset[Audience]:
    """Return the audiences that the user belongs to. Staff are none: their kinds are no one's choice."""
    registered = (audience for audience, is_member in _are_members.items() if is_member(user))
    return frozenset((Audience.OWNER, *registered))
