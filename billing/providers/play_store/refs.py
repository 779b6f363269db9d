"""References of Google Play purchases. Each fits the 500 characters of its column."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, Self

SUBSCRIPTION: Final = "subscription"
VOIDED: Final = "voided"
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]{1,430}")
_ORDER_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,48}")


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference `what:token`, or for one period of a subscription `subscription:token:order_id`.

    `what` is the one-time product, a subscription, or an order that is reported as voided.
    """

    what: str
    token: str
    order_id: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.what, self.token, self.order_id) if part)

    @classmethod
    def parse(cls, text: str, *, one_time: AbstractSet[str]) -> Self | None:
        """Parse a reference. `one_time` are the products that are no subscriptions. Returns None for any other text."""
        what, _, rest = text.partition(":")
        token, _, order_id = rest.partition(":")
        known = what == SUBSCRIPTION or what in one_time or (what == VOIDED and order_id)
        return cls(what, token, order_id) if known and is_token(token) and is_order_id(order_id or "-") else None


def is_token(thing: Any) -> bool:
    """Returns whether this can be a purchase token that we can store."""
    return isinstance(thing, str) and _TOKEN.fullmatch(thing) is not None


def is_order_id(thing: Any) -> bool:
    return isinstance(thing, str) and _ORDER_ID.fullmatch(thing) is not None
