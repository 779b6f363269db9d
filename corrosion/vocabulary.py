"""Vocabulary of comparisons."""

from django.db.models import TextChoices


class ComparisonState(TextChoices):
    PENDING = "pending"
    DONE = "done"
