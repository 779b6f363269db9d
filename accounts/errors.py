"""The refusals of this app."""

from collections.abc import Sequence
from datetime import datetime

from maretech.common.http.errors import APIError, Forbidden


class EmailTaken(APIError):
    status = 409
    error_code = "EMAIL_TAKEN"
    message = "There is an account with this e-mail address already."


class InvalidCredentials(APIError):
    """The e-mail address or the password is wrong. The answer never says which."""

    status = 401
    error_code = "INVALID_CREDENTIALS"
    message = "E-mail address and password do not belong together."


class OldPasswordWrong(InvalidCredentials):
    message = "The old password is not right."


class PasswordWrong(InvalidCredentials):
    message = "The password is not right."


class EmailUnverified(Forbidden):
    """What reaches other people needs a proven address."""

    reason = "EMAIL_UNVERIFIED"
    message = "Confirm your e-mail address first: ask for a code and enter it."


class StepUpUnavailable(Forbidden):
    """The address changed lately: who stole a session could have changed it, and would get the codes."""

    reason = "EMAIL_CHANGED"
    message = "Your e-mail address changed lately, so no codes go to it yet. Try again later."

    def __init__(self, *, available_at: datetime) -> None:
        super().__init__(available_at=available_at.isoformat().replace("+00:00", "Z"))


class PasswordTooWeak(APIError):
    """Names every rule the password breaks, under the field it came in."""

    message = "Choose another password."

    def __init__(self, *, field: str, texts: Sequence[str]) -> None:
        super().__init__(fields={field: list(texts)})


class CodeInvalid(APIError):
    """The code is wrong, expired, used, locked or was never sent. The message is the same in every case."""

    message = "This code is not valid any more. Ask for a new one."

    def __init__(self) -> None:
        super().__init__(fields={"code": [self.message]})


class ResetCodeInvalid(CodeInvalid):
    pass


class LinkInvalid(APIError):
    """The link is forged, used, replaced or expired. The message is the same in every case."""

    status = 404
    error_code = "NOT_FOUND"
    message = "This link does not work any more. Ask a colleague for a new one."


class StaffRequired(APIError):
    message = "Staff exist already: name yourself and give a reason."


class AccountClosed(APIError):
    message = "This account is being erased and cannot become staff."


class UnknownDocument(APIError):
    message = "There is no such version of such a document."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: [self.message]})


class ReasonRequired(APIError):
    message = "A staff action needs a reason."

    def __init__(self) -> None:
        super().__init__(fields={"reason": [self.message]})
