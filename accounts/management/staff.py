"""Naming people on the command line."""

from django.core.management.base import CommandError

from accounts.addresses import normalise_email
from accounts.models import User


def user_by_email(email: str, **conditions: bool) -> User:
    """Raises `CommandError` when nobody fits."""
    try:
        return User.objects.get(email=normalise_email(email), **conditions)
    except User.DoesNotExist:
        raise CommandError(f"There is no such {'member of staff' if conditions else 'user'}: {email}") from None
