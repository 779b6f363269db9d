"""`create_staff EMAIL`: a colleague who can look things up in the admin."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.addresses import NotAnAddress, normalise_email, one_spelling
from accounts.errors import PasswordTooWeak
from accounts.models import User
from accounts.passwords import demand_strong_password
from accounts.support import support_group


class Command(BaseCommand):
    """Creates or promotes a member of staff and puts them into the group `support`.

    The group gets its permissions here and not in a migration: Django creates permissions
    after all migrations have run, so only now are those of every app sure to exist. Running it again brings the
    group up to date.
    """

    help = "Create a member of staff, or promote an existing user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--superuser", action="store_true", help="may do everything in the admin")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        email = normalise_email(options["email"])
        known = User.objects.filter(email=email).first()
        user = known or User(email=email)
        if known is None or options["password_stdin"]:
            self._set_password(user, from_stdin=options["password_stdin"])
        user.is_staff = user.is_active = True
        user.is_superuser = user.is_superuser or options["superuser"]
        with transaction.atomic():
            user.save()
            user.groups.add(support_group())
        self.stdout.write(f"{user.email} is staff.")

    def _set_password(self, user: User, *, from_stdin: bool) -> None:
        password = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass("Password: ")
        try:
            one_spelling(user.email)
            demand_strong_password(password, user=user, field="password")
        except PasswordTooWeak as exc:
            raise CommandError(" ".join(exc.details["fields"]["password"])) from None
        except NotAnAddress:
            raise CommandError("This is not an e-mail address.") from None
        user.set_password(password)
