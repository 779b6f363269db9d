"""A provider's transfers of our money to payees. Plain Python."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """A transfer as the provider reports it.

    `payout_id` is the id that we gave with it, `""` for a transfer made without one. `returned_minor` is the part that
    was taken back. It `has_arrived` when the payee can use it.
    """

    ref: str
    payout_id: str
    account_ref: str
    amount_minor: int
    currency: str
    created_at: datetime
    returned_minor: int = 0
    has_arrived: bool = False
