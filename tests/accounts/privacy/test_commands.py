"""Test erasure and export from the command line: a preview first, and a stored reason."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Erasure, StaffAction, User
from testing.factories import PASSWORD, UserFactory
from tests.accounts.privacy.full_account import found, inspect, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db) -> User:
    proven = {"is_staff": True, "email_verified_at": timezone.now()}
    return User.objects.create_user("support@example.com", PASSWORD, **proven)


def output_of(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("by", ["email", "pk"])
def test_a_dry_run_lists_the_data_and_changes_nothing(phone, owner, by):
    inspect(phone, "corrosion")
    before = stored()
    text = output_of("erase_account", str(getattr(owner, by)), "--dry-run")
    assert "1 inspections: inspections" in text
    assert f"{len(before)} inspections: objects" in text
    assert "1 accounts: session" in text
    assert stored() == before
    assert not Erasure.objects.exists()
    assert User.objects.get(pk=owner.pk).is_active


def test_erase_account_stores_the_reason_and_prints_the_receipt(phone, owner, staff):
    inspect(phone, "osmosis")
    text = output_of("erase_account", owner.email, "--staff", staff.email, "--reason", f"{owner.email} asked by mail")
    receipt = Erasure.objects.get()
    assert str(receipt.pk) in text
    assert receipt.done_at is not None
    assert receipt.asked_by == "staff"
    action = StaffAction.objects.get()
    assert (action.action, action.staff, action.reason) == ("erase_account", staff, "[erased] asked by mail")
    assert found(owner.email) == []
    assert stored() == []
    assert output_of("erase_account", "--receipt", str(receipt.pk)) == text
    assert owner.email not in text


def test_erase_account_retries_a_failed_erasure_by_account_id(owner, staff, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("billing.privacy.personal_data.entitlements.lock", lambda _: 1 / 0)
        assert "not yet" in output_of("erase_account", owner.email, "--staff", staff.email, "--reason", "asked")
    assert "not yet" not in output_of("erase_account", str(owner.pk), "--staff", staff.email, "--reason", "again")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["nobody@example.org", "--dry-run"], "no such user"),
        ([], "Name the account"),
        (["{owner}"], "Name yourself"),
        (["{owner}", "--staff", "{owner}", "--reason", "x"], "no such member of staff"),
        (["{owner}", "--staff", "support@example.com"], "needs a reason"),
        (["{owner}", "--staff", "support@example.com", "--reason", " "], "needs a reason"),
        (["--receipt", "00000000-0000-4000-8000-000000000000"], "no such receipt"),
    ],
)
def test_invalid_arguments_erase_nothing(owner, staff, arguments, refusal):
    with pytest.raises(CommandError, match=refusal):
        output_of("erase_account", *(argument.format(owner=owner.email) for argument in arguments))
    assert not Erasure.objects.exists()
    assert User.objects.get(pk=owner.pk).is_active


def test_export_account_writes_a_file_and_stores_the_reason(phone, owner, staff, tmp_path):
    inspect(phone, "corrosion")
    path = output_of(
        "export_account", owner.email, "--out", str(tmp_path), "--staff", staff.email, "--reason", "no phone"
    )
    assert "corrosion/inspections.json" in zipfile.ZipFile(path.strip()).namelist()
    assert Path(path.strip()).stat().st_mode & 0o077 == 0
    assert StaffAction.objects.get().action == "export_account"


def test_the_admin_shows_a_receipt(phone, owner, client):
    boss = UserFactory.create(is_staff=True, is_superuser=True)
    call_command("erase_account", owner.email, staff=boss.email, reason="asked", stdout=io.StringIO())
    receipt = Erasure.objects.get()
    client.force_login(boss)
    page = client.get(f"/admin/accounts/erasure/{receipt.pk}/change/").content.decode()
    assert str(receipt.pk) in page
    assert 'name="_save"' not in page
