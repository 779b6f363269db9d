"""Serializers: an `Input` validates a body, an `Output` writes an answer."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.identity.addresses import MAX_LENGTH, NotAnAddress, parse_email
from accounts.identity.authentication import caller_session
from accounts.identity.documents import PUBLISHED, VERSIONS
from accounts.identity.password_spelling import MAX_PASSWORD_LENGTH, EnteredLengthValidator
from accounts.models import ERASED_DOMAIN
from accounts.notifications.push_services import (
    MAX_ENDPOINT_LENGTH,
    decoded,
    encoded,
    is_auth_secret,
    is_point,
    is_push_endpoint,
)
from accounts.vocabulary import Platform, StepUpChannel
from maretech.common.http.fields import CodeField, OpaqueField

MAX_TOKEN_LENGTH = 2048


class EmailAddressField(serializers.EmailField):
    """An e-mail address in its stored spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        try:
            email = parse_email(super().to_internal_value(data))
        except NotAnAddress:
            self.fail("invalid")
        if email.endswith(ERASED_DOMAIN):  # reserved for erased accounts
            self.fail("invalid")
        return email


class PasswordField(OpaqueField):
    """A password exactly as typed, never returned. Rules normalise it (`identity.password_spelling`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, write_only=True, **kwargs)
        self.validators.append(EnteredLengthValidator(MAX_PASSWORD_LENGTH))


class CredentialsInput(serializers.Serializer[Any]):
    email = EmailAddressField()
    password = PasswordField()


class RefreshInput(serializers.Serializer[Any]):
    refresh_token = OpaqueField(max_length=MAX_TOKEN_LENGTH)


class ResetRequestInput(serializers.Serializer[Any]):
    email = EmailAddressField()


class ResetConfirmInput(serializers.Serializer[Any]):
    email = EmailAddressField()
    code = CodeField(digits=6)
    password = PasswordField()


class PasswordChangeInput(serializers.Serializer[Any]):
    old_password = PasswordField()
    new_password = PasswordField()


class CodeInput(serializers.Serializer[Any]):
    code = CodeField(digits=6, help_text="From the mail; of a step-up perhaps from the authenticator app.")


class EmailChangeInput(serializers.Serializer[Any]):
    password = PasswordField()
    new_email = EmailAddressField()


class ConsentInput(serializers.Serializer[Any]):
    document = serializers.ChoiceField(choices=sorted({published.document for published in PUBLISHED}))
    version = serializers.ChoiceField(choices=VERSIONS)


class DeviceInput(serializers.Serializer[Any]):
    platform = serializers.ChoiceField(choices=Platform.phones())
    push_token = OpaqueField(max_length=512)


class EndpointField(OpaqueField):
    """An address at a push service on our list."""

    default_error_messages = {"service": "This is not an address of a push service that we send to."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_ENDPOINT_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        endpoint = super().to_internal_value(data)
        if not is_push_endpoint(endpoint, services=settings.PUSH_SERVICE_HOSTS):
            self.fail("service")
        return endpoint


class SubscriptionKeyField(OpaqueField):
    """A key of a subscription in base64url, in the one spelling it is stored in."""

    default_error_messages = {"key": "This is not the key of a subscription, in base64url."}

    def __init__(self, *, is_key: Callable[[str], bool], **kwargs: Any) -> None:
        self._is_key = is_key
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not self._is_key(text):
            self.fail("key")
        return encoded(decoded(text))


class PushKeysInput(serializers.Serializer[Any]):
    p256dh = SubscriptionKeyField(
        is_key=is_point, max_length=88, help_text="The browser's public key on P-256: 65 bytes in base64url."
    )
    auth = SubscriptionKeyField(is_key=is_auth_secret, max_length=24, help_text="16 bytes in base64url.")


class PushSubscriptionInput(serializers.Serializer[Any]):
    endpoint = EndpointField(help_text="At a push service of Chrome, Firefox, Safari or Edge.")
    keys = PushKeysInput()


class WebDeviceInput(serializers.Serializer[Any]):
    platform = serializers.ChoiceField(choices=[(Platform.WEB.value, Platform.WEB.label)])
    subscription = PushSubscriptionInput(help_text="What `PushSubscription.toJSON()` returns in the browser.")


DEVICE_INPUTS: Final[dict[str, type[serializers.Serializer[Any]]]] = {
    Platform.IOS.value: DeviceInput,
    Platform.ANDROID.value: DeviceInput,
    Platform.WEB.value: WebDeviceInput,
}


class ErasureInput(serializers.Serializer[Any]):
    password = PasswordField()


class UserOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    email_verified = serializers.BooleanField()


class StepUpOutput(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(
        choices=StepUpChannel.choices(),
        help_text="`mail`: a code is on its way to the account's address. `authenticator`: nothing is sent; the user's "
        "authenticator app shows the code.",
    )
    code_minutes = serializers.IntegerField(help_text="Minutes in which the code works, from when it was sent.")
    tries = serializers.IntegerField(help_text="How often a code can be tried.")


class StepUpOpenOutput(serializers.Serializer[Any]):
    expires_at = serializers.DateTimeField(help_text="Until when this session is open.")


class TokenOutput(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField(help_text="Always `bearer`.")
    expires_in = serializers.IntegerField(help_text="Seconds the access token lives.")


class SignedInOutput(serializers.Serializer[Any]):
    user = UserOutput()
    token = TokenOutput()


class RefreshedOutput(serializers.Serializer[Any]):
    token = TokenOutput()


class BrowserSessionOutput(serializers.Serializer[Any]):
    """What a page keeps in memory. The refresh token is in a cookie."""

    user = UserOutput()
    access_token = serializers.CharField(source="token.access_token")
    expires_in = serializers.IntegerField(source="token.expires_in", help_text="Seconds the access token lives.")


class ConsentOutput(serializers.Serializer[Any]):
    document = serializers.CharField()
    version = serializers.CharField()
    given_at = serializers.DateTimeField()


class SessionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()


class CurrentSessionField(serializers.BooleanField):
    """Shows whether a session is the one of the request."""

    def to_representation(self, value: Any) -> bool:
        return bool(value == caller_session(self.context["request"]))


class ListedSessionOutput(SessionOutput):
    last_used_at = serializers.DateTimeField(source="refreshed_at", help_text="Exact to 15 minutes.")
    user_agent = serializers.CharField(help_text="What the app called itself at sign-in; may be empty.")
    current = CurrentSessionField(source="*", help_text="Whether it is the caller's own.")


@extend_schema_serializer(many=False)
class SessionsOutput(serializers.Serializer[Any]):
    sessions = ListedSessionOutput(many=True)


class MeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="user.id")
    email = serializers.EmailField(source="user.email")
    email_verified = serializers.BooleanField(
        source="user.email_verified", help_text="Whether a code that was mailed there came back."
    )
    created_at = serializers.DateTimeField(source="user.created_at")
    consents = ConsentOutput(many=True)
    session = SessionOutput()


class DeviceOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    platform = serializers.CharField()
    created_at = serializers.DateTimeField()


@extend_schema_serializer(many=False)
class DevicePageOutput(serializers.Serializer[Any]):
    results = DeviceOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class DocumentOutput(serializers.Serializer[Any]):
    document = serializers.CharField()
    version = serializers.CharField()
    text = serializers.CharField()


class ReceiptOutput(serializers.Serializer[Any]):
    receipt_id = serializers.UUIDField(
        source="pk", help_text="Keep it: with it, support can check whether the erasure is complete."
    )


class ExportPendingOutput(serializers.Serializer[Any]):
    export_id = serializers.UUIDField(source="export.pk")
    status = serializers.ChoiceField(choices=["pending"])


class ExportReadyOutput(serializers.Serializer[Any]):
    export_id = serializers.UUIDField(source="export.pk")
    status = serializers.ChoiceField(choices=["ready"])
    url = serializers.URLField(help_text="A ZIP. The link itself is the right, and works for a few minutes.")
    byte_size = serializers.IntegerField(source="export.byte_size")
    created_at = serializers.DateTimeField(source="export.built_at")
    expires_at = serializers.DateTimeField(source="export.expires_at", help_text="From then on a new one is built.")
