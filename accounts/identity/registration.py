"""Registration of owners."""

from django.db import IntegrityError, transaction

from accounts.errors import EmailTaken
from accounts.identity.addresses import parse_email
from accounts.identity.passwords import require_strong_password
from accounts.identity.sessions import start_session
from accounts.identity.verification import request_code
from accounts.models import Session, User


def register_owner(*, email: str, password: str, user_agent: str = "") -> Session:
    """Create an owner, sign them in, and mail a code that proves the address.

    If several registrations of one address run at once, exactly one succeeds. Raises `NotAnAddress`, `PasswordTooWeak`
    or `EmailTaken`.
    """
    user = User(email=parse_email(email))
    require_strong_password(password, user=user, field="password")
    # Hashing is slow on purpose, so it never runs inside a transaction.
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            request_code(user=user, email=user.email)
            return start_session(user=user, user_agent=user_agent)
    except IntegrityError:
        raise EmailTaken from None
