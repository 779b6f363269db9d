"""Apple's transactions in our own words. Apple tells times and prices in thousandths."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from appstoreserverlibrary.models.AutoRenewStatus import AutoRenewStatus
from appstoreserverlibrary.models.InAppOwnershipType import InAppOwnershipType
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload as Renewal
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload as Transaction

from billing.currencies import minor_digits
from billing.providers.base import Refunded, Standing, StorePurchase, SubscriptionFacts

PLANS: Final = {"corrosion_monthly": "monthly", "corrosion_yearly": "yearly"}
PRODUCTS: Final = frozenset({"osmosis_inspection", *PLANS})
_WHOLE: Final = 100_000  # thousandths of a per cent


def purchase(
    bought: Transaction, *, product: str, subscription: SubscriptionFacts | None, latest: str
) -> StorePurchase:
    """Apple knows only purchases that are paid. What is shared in a family was paid by another of it."""
    assert bought.transactionId is not None
    price = _price_minor(bought)
    return StorePurchase(
        ref=bought.transactionId,
        product=product,
        owner_token=_uuid(bought.appAccountToken),
        is_paid=True,
        bought_at=_moment(bought.purchaseDate or 0),
        amount_minor=price,
        currency=bought.currency or "",
        refunds=_refunds(bought, price or 0),
        tells_all_refunds=True,
        period_ends_at=_moment(bought.expiresDate) if bought.expiresDate else None,
        subscription=subscription,
        latest_ref=latest,
    )


def subscription(latest: Transaction, renewal: Renewal, *, now: datetime) -> SubscriptionFacts:
    """How a subscription stands by its latest transaction, all of it from what is signed."""
    assert latest.originalTransactionId is not None
    ends_at = _moment(latest.expiresDate or 0)
    grace_ends_at = _moment(renewal.gracePeriodExpiresDate or 0)
    if latest.revocationDate is not None:
        standing, ends_at = Standing.LAPSED, min(ends_at, _moment(latest.revocationDate))
    elif grace_ends_at > max(now, ends_at):
        standing, ends_at = Standing.GRACE, grace_ends_at
    elif ends_at <= now:
        standing = Standing.LAPSED
    else:
        is_off = renewal.autoRenewStatus == AutoRenewStatus.OFF
        standing = Standing.CANCELLED if is_off else Standing.ACTIVE
    return SubscriptionFacts(
        ref=latest.originalTransactionId,
        plan=PLANS[latest.productId or ""],
        standing=standing,
        ends_at=ends_at,
    )


def _refunds(bought: Transaction, price_minor: int) -> tuple[Refunded, ...]:
    """A transaction is revoked once at a time; after a reversal it may be again, on another date."""
    if bought.revocationDate is None:
        return ()
    share = _WHOLE if bought.revocationPercentage is None else bought.revocationPercentage
    ref = f"{bought.transactionId}@{bought.revocationDate}"
    return (Refunded(ref=ref, amount_minor=price_minor * share // _WHOLE),)


def _price_minor(bought: Transaction) -> int | None:
    if bought.price is None or not bought.currency:
        return None
    if bought.inAppOwnershipType == InAppOwnershipType.FAMILY_SHARED:
        return 0
    return int(bought.price // 10 ** (3 - minor_digits(bought.currency)))


def _uuid(token: str | None) -> str:
    """As we write it: in lower case."""
    try:
        return str(UUID(token or ""))
    except ValueError:
        return ""


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
