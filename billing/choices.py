"""The words of billing."""

from django.db.models import TextChoices


class Plan(TextChoices):
    MONTHLY = "monthly"
    YEARLY = "yearly"


class CreditKind(TextChoices):
    GRANT = "grant"
    HOLD = "hold"
    SPEND = "spend"
    GIVE_BACK = "give_back"


class Store(TextChoices):
    APP_STORE = "app_store"
    PLAY_STORE = "play_store"
