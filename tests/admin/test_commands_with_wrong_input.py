"""Every command answers wrong input with a sentence, never with a traceback."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
NO_ONE = "no-one@example.org"
UNKNOWN_ID = "5b1f8c1e-0000-4000-8000-000000000000"
WRONG = (
    ("end_sessions", NO_ONE, "--reason", "x"),
    ("enrol_second_factor", NO_ONE),
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
