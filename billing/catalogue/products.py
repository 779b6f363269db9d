"""What can be bought now, and how it is changed: by another version."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from billing.errors import NotOnSale
from billing.models import Product
from billing.vocabulary import ProductCode

CHANGEABLE = ("price_minor", "currency", "cancel_within_hours", "on_sale")


def products_in_force() -> QuerySet[Product]:
    """The newest version of each product."""
    newest = Product.objects.filter(code=OuterRef("code")).order_by("-version")
    return Product.objects.filter(pk=Subquery(newest.values("pk")[:1])).order_by("code")


def products_on_sale() -> QuerySet[Product]:
    return products_in_force().filter(on_sale=True)


def product_in_force(code: str) -> Product:
    return products_in_force().get(code=code)


def product_on_sale(code: str) -> Product:
    """Raises `NotOnSale` for what cannot be bought, or is no product."""
    found = products_on_sale().filter(code=code).first()
    if found is None:
        raise NotOnSale
    return found


@transaction.atomic
def add_version(code: str, values: Mapping[str, Any]) -> Product:
    """Put a new version in force; what `values` leaves out is as it was. Raises Django's `ValidationError`."""
    former = Product.objects.select_for_update().filter(code=ProductCode(code)).order_by("-version").first()
    if former is None:
        raise LookupError(code)
    proposed = {name: getattr(former, name) for name in CHANGEABLE} | dict(values)
    if all(getattr(former, name) == proposed[name] for name in CHANGEABLE):
        raise ValidationError("No change: these are the current values.")
    added = Product(code=former.code, plan=former.plan, version=former.version + 1, **proposed)
    added.full_clean()
    added.save(force_insert=True)
    return added
