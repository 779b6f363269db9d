"""How to find names in the bodies of Stripe's events: an id says by its prefix what it names."""

import re
from typing import Final

from billing.providers.base import BodyNames

BODY_NAMES: Final = BodyNames(
    refs=re.compile(rb'"(?:cs|pi|sub|in)_[A-Za-z0-9_]+"').findall,
    customers=re.compile(rb'"cus_[A-Za-z0-9]+"').findall,
)
