"""`enrol_second_factor EMAIL --staff ME --reason WHY`: run it on the server; hand the output over in person."""

import io
from typing import Any

import segno
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_staff
from accounts.staff.second_factor import AlreadyEnrolled, enrol_colleague, new_secret, provisioning_uri


class Command(BaseCommand):
    """Prints QR code and recovery codes once, and records the actor. A stolen password alone cannot enrol first."""

    help = "Set up the second factor of a member of staff and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user, secret = find_staff(options["email"]), new_secret()
        staff = find_staff(options["staff"])
        try:
            codes = enrol_colleague(user=user, secret=secret, staff=staff, reason=options["reason"])
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        except AlreadyEnrolled:
            raise CommandError(
                f"{user.email} has a second factor already. Reset it first: "
                f'run make manage ARGS="reset_second_factor {user.email} --staff {staff.email} --reason WHY".'
            ) from None
        uri = provisioning_uri(user=user, secret=secret)
        picture = io.StringIO()
        segno.make(uri).terminal(out=picture, compact=True)
        self.stdout.write("\n".join([picture.getvalue(), uri, "", "Recovery codes, each for one sign-in:", *codes]))
