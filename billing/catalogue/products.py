"""Products in force and on sale. A product changes by a new version."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from billing.errors import NotOnSale
from billing.models import Product
from billing.services.hooks import hooks_of
from billing.vocabulary import PLAN_OF, PRICED_PER_ORDER, SERVICES, Grant, Plan, ProductCode

# The names on a payment page. A service has the name that its app registers.
DISPLAY_NAMES: Final = {
    ProductCode.OSMOSIS_INSPECTION: "Hull inspection",
    ProductCode.CORROSION_MONTHLY: "Hull tracking, monthly",
    ProductCode.CORROSION_YEARLY: "Hull tracking, yearly",
}
# What an owner asks for by its code alone.
SOLD_DIRECTLY: Final = tuple(code for code in ProductCode if code not in SERVICES)
PRODUCT_OF_PLAN: Final[Mapping[Plan, ProductCode]] = {plan: code for code, plan in PLAN_OF.items()}
CHANGEABLE: Final = ("price_minor", "currency", "cancel_within_hours", "on_sale")


def products_in_force() -> QuerySet[Product]:
    """Returns the newest version of each product."""
    newest = Product.objects.filter(code=OuterRef("code")).order_by("-version")
    return Product.objects.filter(pk=Subquery(newest.values("pk")[:1])).order_by("code")


def products_on_sale() -> QuerySet[Product]:
    return products_in_force().filter(on_sale=True)


def products_offered() -> QuerySet[Product]:
    """Returns what an owner can buy at a price of its own. A service is offered where an app delivers it."""
    undelivered = [code for code in SERVICES if hooks_of(code) is None]
    return products_on_sale().exclude(code__in=[*PRICED_PER_ORDER, *undelivered])


def product_in_force(code: str) -> Product:
    return products_in_force().get(code=code)


def product_that_grants(grant: Grant) -> Product:
    """Returns the newest version of the only product that grants this."""
    return products_in_force().get(grants=grant)


def product_on_sale(code: str) -> Product:
    """Returns the product on sale. Raises `NotOnSale` for an unknown product or one that is not on sale."""
    found = products_on_sale().filter(code=code).first()
    if found is None:
        raise NotOnSale
    return found


@transaction.atomic
def add_version(code: str, values: Mapping[str, Any]) -> Product:
    """Put a new version in force. Fields missing from `values` keep their current value.

    Raises Django's `ValidationError`, and `LookupError` without a former version.
    """
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
