from accounts.models.codes import CLOSED, MAX_MAIL_DELAY, EmailCode, PasswordReset
from accounts.models.privacy import EXPORTS, Erasure, Export, exports_of
from accounts.models.retry import UNTIL_DONE
from accounts.models.sessions import MAX_USER_AGENT, Device, Session
from accounts.models.staff import StaffAction, StaffInvitation
from accounts.models.step_up import StepUp, StepUpFlag
from accounts.models.users import ERASED_DOMAIN, Consent, Owner, User, UserManager

__all__ = [
    "CLOSED",
    "ERASED_DOMAIN",
    "EXPORTS",
    "MAX_MAIL_DELAY",
    "MAX_USER_AGENT",
    "UNTIL_DONE",
    "Consent",
    "Device",
    "EmailCode",
    "Erasure",
    "Export",
    "Owner",
    "PasswordReset",
    "Session",
    "StaffAction",
    "StaffInvitation",
    "StepUp",
    "StepUpFlag",
    "User",
    "UserManager",
    "exports_of",
]
