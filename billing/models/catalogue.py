"""The catalogue. A product changes by a new version; an order keeps the version it was sold as."""

import uuid

from django.db import models
from django.db.models import Case, Q, Value, When

from billing.vocabulary import PRICED_PER_ORDER, SERVICES, Grant, Plan, ProductCode


class Product(models.Model):
    """One version of a product. Versions are append-only; the highest is in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=32, choices=ProductCode.choices())
    version = models.PositiveIntegerField()
    plan = models.CharField(max_length=8, choices=Plan.choices(), blank=True, help_text="Period of a subscription.")
    # Generated, because versions are sealed: they cannot be filled in, and the release before does not write it.
    grants = models.GeneratedField(
        expression=Case(
            When(code__in=SERVICES, then=Value(Grant.SERVICE.value)),
            When(plan="", then=Value(Grant.INSPECTION_CREDIT.value)),
            default=Value(Grant.SUBSCRIPTION.value),
        ),
        output_field=models.CharField(max_length=20, choices=Grant.choices()),
        db_persist=True,
    )
    price_minor = models.PositiveIntegerField(help_text="0 if the price comes with each order.")
    currency = models.CharField(max_length=3)
    cancel_within_hours = models.PositiveIntegerField(
        help_text="Hours after payment in which an unused purchase can be cancelled; 0 for never."
    )
    on_sale = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_product_version_is_written_once"),
            models.CheckConstraint(condition=Q(code__in=ProductCode.values()), name="a_product_is_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="product_versions_count_from_one"),
            models.CheckConstraint(
                condition=(Q(price_minor__gte=1) & ~Q(code__in=PRICED_PER_ORDER))
                | Q(code__in=PRICED_PER_ORDER, price_minor=0),
                name="a_product_has_a_price",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_product_has_a_currency"),
            models.CheckConstraint(
                condition=Q(code=ProductCode.OSMOSIS_INSPECTION, plan="")
                | Q(code=ProductCode.CORROSION_MONTHLY, plan=Plan.MONTHLY)
                | Q(code=ProductCode.CORROSION_YEARLY, plan=Plan.YEARLY)
                | Q(code__in=SERVICES, plan=""),
                name="a_product_has_its_own_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
