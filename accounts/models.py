"""Tables and constraints of accounts. The modules named after each table hold its behaviour."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Final, NoReturn, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.identity.addresses import MAX_LENGTH, normalise_email, one_spelling
from accounts.identity.password_spelling import normalise_password, spellings
from accounts.vocabulary import AskedBy, EndReason, Platform
from maretech.common.work.durable import DurableWork, Retry

# Domain of an erased account's address: it belongs to no one, and no one can register it (RFC 2606).
ERASED_DOMAIN = "@erased.invalid"
MAX_USER_AGENT: Final = 256
# No code ever has this many tries: the value marks a closed code, whether or not the code was made yet.
CLOSED: Final = 32_767
# Requests for a mail that are older than this are dropped: the person no longer waits for it.
PATIENCE: Final = timedelta(hours=1)
# What an account is owed is tried again without end, at least every hour.
UNTIL_DONE: Final = Retry(first=timedelta(seconds=settings.JOB_LEASE_SECONDS), factor=2, longest=timedelta(hours=1))


class UserManager(BaseUserManager["User"]):
    """Finds and creates users regardless of the case of the address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=one_spelling(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def at_work(self) -> models.QuerySet["User"]:
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
        null=True, blank=True, help_text="When a code or link sent there came back."
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="From then on the row names nobody.")

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
                return self._hashed_anew(normalised, known) if is_outdated or spelling != normalised else True
        return False

    @staticmethod
    def hash_in_vain(raw_password: str) -> None:
        """Do the work of checking a wrong password, so that the time does not reveal who has an account."""
        for spelling in spellings(raw_password):
            make_password(spelling)

    def _hashed_anew(self, password: str, known: str) -> bool:
        """Replace the hash by compare-and-set: if a reset chose another password meanwhile, that one stays."""
        anew = make_password(password)
        if self._state.adding or User.objects.filter(pk=self.pk, password=known).update(password=anew):
            self.password = anew
            return True
        self.refresh_from_db(fields=["password"])
        return verify_password(password, self.password)[0]


Owner = User | uuid.UUID  # of what an app keeps: a user, or only the id where no row is at hand


class Session(models.Model):
    """One sign-in on one phone. Its tokens are a function of this row: `accounts.identity.tokens`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField(auto_now_add=True)
    refresh_id = models.UUIDField(default=uuid.uuid4)
    refreshed_at = models.DateTimeField()
    previous_refresh_id = models.UUIDField(null=True)
    used_refresh_id = models.UUIDField(null=True, help_text="The generation whose access token was seen in use.")
    access_issued_at = models.DateTimeField(null=True, help_text="Set when a lost answer was given again later.")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, choices=EndReason.choices(), blank=True)
    user_agent = models.CharField(max_length=MAX_USER_AGENT, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & Q(end_reason__in=EndReason.values())),
                name="a_session_has_a_reason_exactly_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(previous_refresh_id__isnull=True) | ~Q(previous_refresh_id=F("refresh_id")),
                name="a_refresh_token_is_never_its_own_successor",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(ended_at__isnull=True), name="live_sessions_of_a_user"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Device(models.Model):
    """Where a user's pushes go until the session that registered the device ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    platform = models.CharField(max_length=16, choices=Platform.choices())
    push_token = models.CharField(max_length=512)
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="devices")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "push_token"], name="one_device_per_user_and_push_token"),
            models.UniqueConstraint(fields=["push_token"], name="a_push_token_belongs_to_one_account"),
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values()), name="a_device_is_of_a_platform_we_push_to"
            ),
            models.CheckConstraint(condition=~Q(push_token=""), name="a_device_has_a_push_token"),
        ]
        indexes = [models.Index(fields=["push_token"], name="devices_by_push_token")]

    def __str__(self) -> str:
        return f"{self.platform} {self.id}"


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


class PasswordReset(models.Model):
    """One request for a reset code. Only a user's newest request counts; without a user, no account has the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="password_resets")
    requested_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                | (~Q(code_hash="") & Q(expires_at__isnull=False, user__isnull=False)),
                name="only_a_code_that_was_made_expires_is_sent_or_used",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_reset_of_a_user"),
            models.Index(fields=["requested_at"], condition=Q(sent_at__isnull=True), name="resets_not_yet_sent"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class EmailCode(DurableWork):
    """One code that proves an address: the account's own, or the requested one. Only a user's newest code counts.

    A change of address also owes the old address a notice: `notice_to`, and when it was sent. That notice is the
    durable work; the code is mailed by `accounts.identity.mailed_codes`.
    """

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_codes")
    email = models.EmailField(max_length=MAX_LENGTH)
    requested_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    notice_to = models.EmailField(max_length=MAX_LENGTH, blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                | (~Q(code_hash="") & Q(expires_at__isnull=False)),
                name="only_an_email_code_that_was_made_expires_is_sent_or_used",
            ),
            models.CheckConstraint(
                condition=~Q(notice_to="") | Q(noticed_at__isnull=True), name="a_notice_was_sent_to_an_address"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_email_code_of_a_user"),
            models.Index(fields=["requested_at"], condition=Q(sent_at__isnull=True), name="email_codes_not_yet_sent"),
            models.Index(
                fields=["due_at"],
                condition=~Q(notice_to="") & Q(noticed_at__isnull=True),
                name="notices_not_yet_sent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_closed(self) -> bool:
        return self.tries == CLOSED

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        """Return the unsent notices, even if the change was made or abandoned since: the notice reports the attempt."""
        recent = cls.objects.filter(requested_at__gt=timezone.now() - PATIENCE, noticed_at=None)
        return recent.exclude(notice_to="")

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)


class StaffAction(models.Model):
    """A staff action: who, on what, and why. `accounts.staff.audit` writes it and makes two changes only.

    The outcome of a request to the outside world is added once. The address of an erased person is removed.
    """

    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_actions")
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    reason = models.TextField()
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("reason")), 0), name="a_staff_action_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="staff_actions_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class StaffInvitation(DurableWork):
    """An invitation: the account becomes staff once the link mailed to its address comes back."""

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_invitations")
    action = models.OneToOneField(StaffAction, on_delete=models.PROTECT, related_name="invitation")
    is_superuser = models.BooleanField(default=False)
    requested_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="staff_links_not_yet_sent"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(sent_at=None, used_at=None, expires_at__gt=timezone.now())

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)


class Erasure(DurableWork):
    """A request to erase an account and the receipt of what was erased. It names no person and is kept for good.

    Only `accounts.privacy.erasure_requests` writes it. The row is the truth; a message to the worker is only a hint.
    """

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="erasure")
    asked_by = models.CharField(max_length=8, choices=AskedBy.choices())
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    counts = models.JSONField(null=True, help_text="What there was, by app, when the work began.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="erasures_to_carry_out"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(asked_by__in=AskedBy.values()), name="somebody_asked_for_an_erasure"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(counts__isnull=False), name="a_receipt_says_what_went"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(done_at=None)


EXPORTS: Final = "exports/"


def exports_of(user_id: object) -> str:
    """Return the prefix of a user's ZIPs in the object store."""
    return f"{EXPORTS}{user_id}/"


class Export(DurableWork):
    """A ZIP of a user's data, built by the worker. It can be downloaded until it expires, and is then deleted."""

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    built_at = models.DateTimeField(null=True)
    byte_size = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_export_of_a_user"),
            models.Index(fields=["due_at"], condition=Q(built_at__isnull=True), name="exports_to_build"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(built_at=None, byte_size=None, expires_at=None)
                | Q(built_at__isnull=False, byte_size__isnull=False, expires_at__isnull=False),
                name="an_export_that_was_built_has_a_size_and_an_end",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(built_at=None), name="one_export_is_built_at_a_time_for_a_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(built_at=None)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)

    @property
    def key(self) -> str:
        """The ZIP's key in the object store."""
        return f"{exports_of(self.user_id)}{self.id}.zip"
