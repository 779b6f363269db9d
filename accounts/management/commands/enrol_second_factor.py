"""`enrol_second_factor EMAIL`: the second factor of a colleague, made on the server and handed over in person."""

import io
from typing import Any

import segno
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.lookup import account
from accounts.second_factor import AlreadyEnrolled, keep, new_secret, provisioning_uri


class Command(BaseCommand):
    """Prints the QR code and the recovery codes once; so nobody who only has the password can enrol in their place."""

    help = "Set up the second factor of a member of staff and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user, secret = account(options["email"], is_staff=True), new_secret()
        try:
            codes = keep(user=user, secret=secret)
        except AlreadyEnrolled:
            raise CommandError(f"{user.email} has a second factor already: reset_second_factor first.") from None
        uri = provisioning_uri(user=user, secret=secret)
        picture = io.StringIO()
        segno.make(uri).terminal(out=picture, compact=True)
        self.stdout.write("\n".join([picture.getvalue(), uri, "", "Recovery codes, each for one sign-in:", *codes]))
