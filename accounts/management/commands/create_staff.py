"""`create_staff EMAIL --staff ME --reason WHY`: invite a colleague to the admin."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import AccountClosed, ReasonRequired, StaffRequired
from accounts.identity.addresses import NotAnAddress, parse_email
from accounts.management.lookup import find_staff
from accounts.models import ERASED_DOMAIN, StaffInvitation, User
from accounts.staff.invitations import FIRST, invite_staff
from accounts.staff.links import LINK_LIFETIME, link_of
from accounts.staff.permissions import support_group


class Command(BaseCommand):
    """Invites a member of staff, who chooses a password by the mailed link and joins the group `support`.

    The command never prompts. The first member of staff needs no `--staff` and no `--reason`. For an existing member of
    staff the command updates the group: Django creates permissions after all migrations have run, so only then do those
    of every app exist for sure.
    """

    help = "Invite a member of staff: mail a link for choosing a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--superuser", action="store_true", help="grant all permissions in the admin")
        parser.add_argument("--staff", help="your own staff e-mail address; not for the first member of staff")
        parser.add_argument("--reason", default="", help="not for the first member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        email = _valid(options["email"])
        user = User.objects.filter(email=email).first()
        if user is not None and _needs_no_link(user, as_superuser=options["superuser"]):
            user.groups.add(support_group())
            self.stdout.write(f"{email} is staff already; the group `support` is up to date.")
            return
        self._report(_invited(email, options))

    def _report(self, invitation: StaffInvitation) -> None:
        hours = LINK_LIFETIME.total_seconds() / 3600
        self.stdout.write(
            f"A link for choosing a password is mailed to {invitation.user.email}. It works for {hours:.0f} hours. "
            "The account becomes staff when the link is used, and cannot sign in before."
        )
        if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):  # mail reaches only this machine's operator
            self.stdout.write(f"EMAIL_URL is the console, so the link is printed here:\n{link_of(invitation)}")


def _valid(email: str) -> str:
    try:
        email = parse_email(email)
    except NotAnAddress:
        raise CommandError("This is not an e-mail address.") from None
    if email.endswith(ERASED_DOMAIN):
        raise CommandError("This domain is reserved for erased accounts.")
    return email


def _needs_no_link(user: User, *, as_superuser: bool) -> bool:
    is_staff = user.is_staff and user.is_active and user.email_verified
    return is_staff and (user.is_superuser or not as_superuser)


def _invited(email: str, options: dict[str, Any]) -> StaffInvitation:
    staff = find_staff(options["staff"]) if options["staff"] else None
    reason = options["reason"] or ("" if staff else FIRST)
    try:
        return invite_staff(email=email, is_superuser=options["superuser"], staff=staff, reason=reason)
    except StaffRequired as exc:
        superuser = " --superuser" if options["superuser"] else ""
        raise CommandError(
            f'{exc.text} Run make manage ARGS="create_staff {email}{superuser} --staff YOUR_EMAIL --reason WHY".'
        ) from None
    except (ReasonRequired, AccountClosed) as exc:
        raise CommandError(exc.text) from None
