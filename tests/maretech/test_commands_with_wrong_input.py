"""Test that every command answers wrong input with a sentence, never with a traceback."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import StaffAction
from testing.factories import UserFactory

ROOT = settings.BASE_DIR
pytestmark = pytest.mark.django_db
NO_ONE = "no-one@example.org"
UNKNOWN_ID = "5b1f8c1e-0000-4000-8000-000000000000"
WRONG = (
    ("end_sessions", NO_ONE, "--reason", "x"),
    ("enrol_second_factor", NO_ONE),
    ("forget_browsers", "--staff", NO_ONE, "--reason", "x"),
    ("reset_second_factor", NO_ONE, "--staff", NO_ONE, "--reason", "x"),
    ("erase_account", NO_ONE, "--dry-run"),
    ("erase_account", NO_ONE, "--staff", NO_ONE, "--reason", "x"),
    ("erase_account", "--receipt", UNKNOWN_ID),
    ("erase_account", "--receipt", "no-id"),
    ("export_account", NO_ONE, "--out", "/nowhere", "--staff", NO_ONE, "--reason", "x"),
    ("print_ledger", NO_ONE),
    ("replay_events", "--event", "no-id", "--staff", NO_ONE, "--reason", "x"),
    ("explain_inspection", "no-id"),
    ("explain_inspection", UNKNOWN_ID),
    ("requeue_job", "no-id", "--staff", NO_ONE, "--reason", "x"),
    ("requeue_job", UNKNOWN_ID, "--staff", NO_ONE, "--reason", "x"),
    ("evaluate_engine", "--mode", "corrosion", "--manifest", "/nowhere/manifest.csv"),
    ("evaluate_trend", "--manifest", "/nowhere/pairs.csv"),
    ("reconcile", "--day", "yesterday"),
    ("reconcile", "--provider", "paypal"),
)


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_wrong_input_is_a_command_error(command):
    with pytest.raises(CommandError):
        call_command(*command)


ACTS = (
    ("end_sessions", "{owner}", "--reason", "x"),
    ("create_staff", "third@example.org", "--superuser", "--reason", "x"),
    ("enrol_second_factor", "staff@example.org", "--reason", "x"),
    ("reset_second_factor", "staff@example.org", "--reason", "x"),
    ("forget_browsers", "--reason", "x"),
    ("erase_account", "{owner}", "--reason", "x"),
    ("export_account", "{owner}", "--out", "/nowhere", "--reason", "x"),
    ("requeue_job", UNKNOWN_ID, "--reason", "x"),
    ("replay_events", "--dead", "--reason", "x"),
)


@pytest.mark.parametrize("command", ACTS, ids=lambda command: command[0])
def test_the_acting_colleague_needs_a_verified_address(owner, staff, command):
    """As in the admin: `is_staff` alone grants nothing."""
    colleague = UserFactory.create(is_staff=True, email_verified_at=None)
    arguments = [argument.format(owner=owner.email) for argument in command]
    with pytest.raises(CommandError, match=r"no such member of staff|Who are you"):
        call_command(*arguments, "--staff", colleague.email)
    assert not StaffAction.objects.exists()


@pytest.mark.anywhere  # its processes have a database of their own
@pytest.mark.parametrize(
    ("said", "arguments", "environment"),
    [
        ("run it in a terminal", ["changepassword", "owner@example.org"], {}),
        ("The database does not answer", ["print_ledger", "x@y.zz"], {"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}),
    ],
)
def test_no_command_ends_in_a_traceback(migrated_var_dir, said, arguments, environment):
    env = {"VAR_DIR": str(migrated_var_dir), "ENV_FILE": "/dev/null", "PATH": "/usr/bin:/bin", **environment}

    def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    if not environment:
        create = "from accounts.models import User; User.objects.create_user('owner@example.org')"
        assert manage("shell", "-c", create).returncode == 0
    done = manage(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert said in done.stderr
