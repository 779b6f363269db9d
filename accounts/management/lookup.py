"""Find the accounts that a command names."""

from uuid import UUID

from django.core.management.base import CommandError

from accounts.identity.addresses import normalise_email
from accounts.models import User


def find_account(text: str) -> User:
    """Return the account with this address or id. Raises `CommandError`."""
    try:
        return User.objects.get(**_named(text))
    except User.DoesNotExist:
        raise CommandError(f"There is no such user: {text}") from None


def find_staff(text: str) -> User:
    """Return the member of staff with this address or id, who must have a proven address. Raises `CommandError`."""
    found = User.objects.active_staff().filter(**_named(text)).first()
    if found is None:
        raise CommandError(f"There is no such member of staff with a proven address: {text}")
    return found


def _named(text: str) -> dict[str, object]:
    try:
        return {"pk": UUID(text)}
    except ValueError:
        return {"email": normalise_email(text)}
