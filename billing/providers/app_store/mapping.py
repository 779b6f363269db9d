"""Convert Apple's transactions into our types. Apple gives times and prices in thousandths."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from appstoreserverlibrary.models.AutoRenewStatus import AutoRenewStatus
from appstoreserverlibrary.models.InAppOwnershipType import InAppOwnershipType
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload as Renewal
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload as Transaction

from billing.catalogue.currencies import minor_digits
from billing.providers.base import Refunded, StorePurchase, SubscriptionFacts
from billing.vocabulary import SubscriptionState

_WHOLE: Final = 100_000  # thousandths of a per cent
# Prefix for references of sandbox transactions, which are numbered separately from paid ones.
SANDBOX: Final = "sandbox:"


def purchase(
    bought: Transaction,
    *,
    product: str,
    subscription: SubscriptionFacts | None = None,
    latest: str = "",
    token: str | None,
    is_test: bool,
) -> StorePurchase:
    """Convert a transaction into a purchase. Apple reports only paid purchases; a family member paid for a shared one.

    `token` identifies the owner. It may come from another transaction of the same subscription.
    """
    assert bought.transactionId is not None
    quantity = 1 if subscription else max(1, bought.quantity or 1)
    price = 0 if is_test else _price_minor(bought)
    return StorePurchase(
        ref=named(bought.transactionId, is_test=is_test),
        product=product,
        owner_token=_token(token),
        is_paid=True,
        quantity=quantity,
        is_test=is_test,
        bought_at=_moment(bought.purchaseDate or 0),
        amount_minor=price,
        currency=bought.currency or "",
        refunds=_refunds(bought, price or 0, quantity),
        tells_all_refunds=True,
        period_ends_at=_moment(bought.expiresDate) if bought.expiresDate else None,
        subscription=subscription,
        latest_ref=named(latest, is_test=is_test),
    )


def named(transaction_id: str, *, is_test: bool) -> str:
    return f"{SANDBOX}{transaction_id}" if is_test and transaction_id else transaction_id


def subscription(
    latest: Transaction, renewal: Renewal, *, plan: str, now: datetime, is_test: bool
) -> SubscriptionFacts:
    """Convert a subscription's latest transaction and renewal into facts, all from signed data."""
    assert latest.originalTransactionId is not None
    ends_at = _moment(latest.expiresDate or 0)
    grace_ends_at = _moment(renewal.gracePeriodExpiresDate or 0)
    if latest.revocationDate is not None:
        state, ends_at = SubscriptionState.LAPSED, min(ends_at, _moment(latest.revocationDate))
    elif grace_ends_at > max(now, ends_at):
        state, ends_at = SubscriptionState.GRACE, grace_ends_at
    elif ends_at <= now:
        state = SubscriptionState.LAPSED
    else:
        is_off = renewal.autoRenewStatus == AutoRenewStatus.OFF
        state = SubscriptionState.CANCELLED if is_off else SubscriptionState.ACTIVE
    return SubscriptionFacts(
        ref=named(latest.originalTransactionId, is_test=is_test),
        plan=plan,
        state=state,
        ends_at=ends_at,
    )


def _refunds(bought: Transaction, price_minor: int, quantity: int) -> tuple[Refunded, ...]:
    """Returns the refund of a transaction.

    A transaction has one revocation at a time, and may be revoked again after a reversal, with another date.

    Apple reports a part in per cent: for a free purchase, that share of its units.
    """
    if bought.revocationDate is None:
        return ()
    share = _WHOLE if bought.revocationPercentage is None else bought.revocationPercentage
    ref, amount = f"{bought.transactionId}@{bought.revocationDate}", price_minor * share // _WHOLE
    if price_minor or share >= _WHOLE:
        return (Refunded(ref=ref, amount_minor=amount),)
    count = round(quantity * share / _WHOLE)
    return (Refunded(ref=ref, amount_minor=0, quantity=count),) if 0 < count < quantity else ()


def _price_minor(bought: Transaction) -> int | None:
    if bought.price is None or not bought.currency:
        return None
    if bought.inAppOwnershipType == InAppOwnershipType.FAMILY_SHARED:
        return 0
    return int(bought.price // 10 ** (3 - minor_digits(bought.currency)))


def _token(token: str | None) -> str:
    """Returns the token in our id format.

    A token that is no id stays unchanged: it names a person, but no owner of ours.
    """
    try:
        return str(UUID(token)) if token else ""
    except ValueError:
        return str(token)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
