"""Finding the account that somebody on the command line means."""

from uuid import UUID

from django.core.management.base import CommandError

from accounts.addresses import normalise_email
from accounts.models import User


def account(text: str, **conditions: bool) -> User:
    """By its address or its id. Raises `CommandError`."""
    try:
        return User.objects.get(**_named(text), **conditions)
    except User.DoesNotExist:
        raise CommandError(f"There is no such {'member of staff' if conditions else 'user'}: {text}") from None


def _named(text: str) -> dict[str, object]:
    try:
        return {"pk": UUID(text)}
    except ValueError:
        return {"email": normalise_email(text)}
