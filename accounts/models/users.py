"""Accounts, and the documents that they accepted."""

import uuid
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.identity.addresses import MAX_LENGTH, normalise_email, parse_email
from accounts.identity.password_spelling import normalise_password, spellings

# Domain of an erased account's address: it belongs to no one, and no one can register it (RFC 2606).
ERASED_DOMAIN = "@erased.invalid"


class UserManager(BaseUserManager["User"]):
    """Finds and creates users regardless of the case of the address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=parse_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def active_staff(self) -> models.QuerySet["User"]:
        """Return the staff that the admin lets in: active, and with a proven address."""
        return self.filter(is_staff=True, is_active=True, email_verified_at__isnull=False)

    def create_superuser(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse Django's `createsuperuser`: it would make staff of an address that is not proven."""
        raise ValidationError(
            'Run make manage ARGS="create_staff EMAIL --superuser": it mails a link for the password.'
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A boat owner, or a member of staff. The e-mail address is the login."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=MAX_LENGTH)
    email_verified_at = models.DateTimeField(
        null=True, blank=True, help_text="When the owner entered a code or opened a link mailed to it."
    )
    email_changed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the address became another one; empty if it never did."
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="Since then the row names no person.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_user_per_email"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="emails_are_stored_in_lower_case"),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(erased_at__isnull=False, is_active=False, is_staff=False, email__endswith=ERASED_DOMAIN),
                name="an_erased_account_names_nobody_and_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def email_verified(self) -> bool:
        """Whether the owner proved that they read mail sent to this address."""
        return self.email_verified_at is not None

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else normalise_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password, in any Unicode composition. Replaces a hash of an outdated kind."""
        if raw_password is None:
            return False
        known, normalised = self.password, normalise_password(raw_password)
        for spelling in spellings(raw_password):
            is_right, is_outdated = verify_password(spelling, known)
            if is_right:
                return self._replace_hash(normalised, known) if is_outdated or spelling != normalised else True
        return False

    @staticmethod
    def simulate_password_check(raw_password: str) -> None:
        """Do the work of checking a wrong password, so that the time does not reveal who has an account."""
        for spelling in spellings(raw_password):
            make_password(spelling)

    def _replace_hash(self, password: str, known: str) -> bool:
        """Replace the hash by compare-and-set: if a reset chose another password meanwhile, that one stays."""
        new_hash = make_password(password)
        if self._state.adding or User.objects.filter(pk=self.pk, password=known).update(password=new_hash):
            self.password = new_hash
            return True
        self.refresh_from_db(fields=["password"])
        return verify_password(password, self.password)[0]


Owner = User | uuid.UUID  # of a row: the user, or only the id if no user is loaded


class Consent(models.Model):
    """A user's consent to one version of a document. Rows are added, never changed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "document", "version"], name="one_consent_per_user_document_and_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
