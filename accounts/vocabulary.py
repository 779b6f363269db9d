"""Closed lists of this app."""

from maretech.common.vocabulary import Vocabulary


class EndReason(Vocabulary):
    """Why a session ended."""

    LOGGED_OUT = "logged_out"
    REFRESH_REUSED = "refresh_reused"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    ENDED_BY_STAFF = "ended_by_staff"
    ERASED = "erased"


class Platform(Vocabulary):
    """Which push service reaches a device."""

    IOS = "ios", "iOS"
    ANDROID = "android", "Android"
    WEB = "web", "Web"

    @classmethod
    def phones(cls) -> list[tuple[str, str]]:
        """Return the platforms that are reached by a push token, for the `choices` of a field."""
        return [choice for choice in cls.choices() if choice[0] != cls.WEB]


class SecurityEvent(Vocabulary):
    """An event that always notifies the owner."""

    NEW_SIGN_IN = "new_sign_in"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ADDRESS_CHANGED = "address_changed"


class AskedBy(Vocabulary):
    """Who requested an erasure."""

    OWNER = "owner"
    STAFF = "staff"


class StepUpChannel(Vocabulary):
    """Where the code of a step-up comes from."""

    MAIL = "mail"
    AUTHENTICATOR = "authenticator", "authenticator app"
