"""Payees as staff keep them: who is paid, where, and in which currency."""

import re
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Owner, User
from billing.models import Payee
from billing.payees.business_days import countries
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can
from billing.vocabulary import Provider

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@transaction.atomic
def register_payee(
    *, user: User, country: str, currency: str, account_ref: str = "", provider: Provider | None = None
) -> Payee:
    """Write the payee that a user is, or return the one that exists already, unchanged.

    Without an account, what is owed waits. Raises Django's `ValidationError`.
    """
    paid_by = provider or providers_that(Can.PAY_OUT)[0]
    _check(country=country, currency=currency, account_ref=account_ref, provider=paid_by)
    values = {"country": country, "currency": currency, "account_ref": account_ref, "provider": paid_by}
    return Payee.objects.get_or_create(user=user, defaults=values)[0]


@transaction.atomic
def change_payee(payee_id: UUID, *, country: str, account_ref: str) -> dict[str, str]:
    """Change where a payee is paid, from the next payout on. Returns the former values of what changed.

    The currency never changes: the books hold shares in it. Raises Django's `ValidationError`.
    """
    payee = Payee.objects.select_for_update().get(pk=payee_id)
    _check(country=country, currency=payee.currency, account_ref=account_ref, provider=Provider(payee.provider))
    wanted = {"country": country, "account_ref": account_ref}
    before = {name: getattr(payee, name) for name, value in wanted.items() if getattr(payee, name) != value}
    for name in before:
        setattr(payee, name, wanted[name])
    payee.save(update_fields=[*before, "updated_at"])
    return before


def payee_of(user: Owner) -> Payee | None:
    return Payee.objects.filter(user=user).first()


def _check(*, country: str, currency: str, account_ref: str, provider: Provider) -> None:
    if provider not in providers_that(Can.PAY_OUT):
        raise ValidationError({"provider": f"{provider.label} pays no payees."})
    if country not in countries():
        raise ValidationError({"country": f"The business days of {country} are not known."})
    if not _CURRENCY.fullmatch(currency):
        raise ValidationError({"currency": "Three letters, such as EUR."})
    if account_ref and not _ACCOUNT.fullmatch(account_ref):
        raise ValidationError({"account_ref": "This is no account of the provider."})
