"""One spelling per password: devices send the same letter as one code point or as two (NIST 800-63B 5.1.1.2).

Every password is normalised to NFKC before it is hashed or checked: `User.set_password` and `User.check_password`.
"""

import unicodedata
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from maretech.common.text import is_blank

MAX_PASSWORD_LENGTH: Final = 128


def normalise_password(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


def spellings(typed: str) -> tuple[str, ...]:
    """Return the forms that may have been hashed: normalised, or as typed (hashes from before normalisation)."""
    return tuple(dict.fromkeys((normalise_password(typed), typed)))


class NotBlankValidator:
    """Refuses a password of blanks only."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_blank(password):
            raise ValidationError(self.get_help_text(), code="password_blank")

    def get_help_text(self) -> str:
        return "Your password can't be blanks only."


class MaximumLengthValidator:
    """Counts the normalised password."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(normalise_password(password)) > MAX_PASSWORD_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password can have at most {MAX_PASSWORD_LENGTH} characters."


class EnteredLengthValidator(MaxLengthValidator):
    """Limits a password that is entered, not chosen: refuses it only if it is too long both as typed and normalised."""

    def clean(self, x: Any) -> int:
        return len(x) if len(x) <= MAX_PASSWORD_LENGTH else len(normalise_password(x[: 8 * MAX_PASSWORD_LENGTH]))
