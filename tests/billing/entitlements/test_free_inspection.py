"""Test that the first corrosion inspection is free once for each address."""

from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from accounts.identity.address_changes import announce_address_change
from accounts.identity.registration import register_owner
from accounts.models import User
from accounts.tasks import send_pending_mails
from billing.entitlements import entitlements, free_inspection
from billing.models import Entitlement, UsedFreeInspection
from testing.factories import PASSWORD
from testing.phone import Phone
from tests.accounts.mailed_codes import code_in
from tests.accounts.privacy.full_account import erase
from tests.concurrency import at_once, at_once_behind
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def opens_for_free(phone: Phone) -> bool:
    answer = phone.post("/inspections", {"mode": "corrosion"})
    if answer.status_code == 201:
        return True
    refused(answer, 403, "SUBSCRIPTION_REQUIRED")
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is True
    return False


def newcomer(email: str) -> Phone:
    return Phone.of(register_owner(email=email, password=PASSWORD).user)


def change_address(user: User, new: str) -> None:
    """Do what a change of address must do; `accounts` makes the call."""
    with transaction.atomic():
        announce_address_change(user_id=user.pk, old=user.email, new=new)
        user.email = new
        user.save()


def test_an_erased_address_gets_no_second_free_inspection(phone, owner):
    email = owner.email
    phone.complete()
    erase(phone)
    assert not opens_for_free(newcomer(email.upper()))


def test_an_erased_address_keeps_an_unused_free_inspection(phone, owner):
    email = owner.email
    phone.open()
    erase(phone)
    assert opens_for_free(newcomer(email))


def test_an_erasure_stores_the_use_of_an_older_free_inspection(phone, owner):
    email = owner.email
    phone.complete()
    UsedFreeInspection.objects.all().delete()
    erase(phone)
    assert not opens_for_free(newcomer(email))


def test_a_former_address_gets_no_second_free_inspection(phone, owner):
    first = owner.email
    phone.complete()
    change_address(owner, "second@example.org")
    erase(phone)
    assert [opens_for_free(newcomer(one)) for one in (first, "second@example.org")] == [False, False]
    assert opens_for_free(newcomer("third@example.org"))


def test_the_address_at_the_time_of_the_result_counts(phone, owner):
    first = owner.email
    opened = phone.open()
    change_address(owner, "second@example.org")
    assert opened
    with transaction.atomic():
        entitlements.use_up_free_corrosion(owner.pk)
    assert free_inspection.is_used_up("second@example.org")
    assert opens_for_free(newcomer(first))


def test_taking_over_a_used_address_gives_no_free_inspection(phone, owner):
    first = owner.email
    phone.complete()
    change_address(owner, "second@example.org")
    other = newcomer("third@example.org")
    change_address(other.owner, first)
    assert not opens_for_free(other)


def test_a_result_under_subscription_is_not_remembered(phone):
    phone.subscribe()
    phone.complete()
    assert not UsedFreeInspection.objects.exists()


def test_the_hash_names_no_owner_and_needs_the_key(phone, owner, settings):
    phone.complete()
    row = UsedFreeInspection.objects.get()
    assert owner.email.partition("@")[0] not in row.address_hash
    assert {field.name for field in UsedFreeInspection._meta.fields} == {"id", "address_hash"}
    assert free_inspection.is_used_up(owner.email)
    settings.ADDRESS_HASH_KEY = "another-key-of-the-same-length-as-the-first-one"
    assert not free_inspection.is_used_up(owner.email)


def test_the_name_of_an_erased_account_is_never_remembered(owner):
    Entitlement.objects.filter(pk=entitlements.lock(owner).pk).update(corrosion_free_used_at=owner.created_at)
    entitlements.forget(owner.pk, address="0123@erased.invalid")
    assert not UsedFreeInspection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_result_and_a_parallel_change_of_address_remember_both(owner):
    first = owner.email

    def deliver() -> None:
        with transaction.atomic():
            entitlements.use_up_free_corrosion(owner.pk)

    def move() -> None:
        change_address(User.objects.get(pk=owner.pk), "second@example.org")

    calls = [deliver, move] * 4
    at_once(8, lambda: calls.pop()())  # noqa: PLW0108 - each thread takes its own
    assert free_inspection.is_used_up("second@example.org")
    assert Entitlement.objects.get(user=owner).corrosion_free_used_at
    assert UsedFreeInspection.objects.count() == 1 + free_inspection.is_used_up(first)


def test_a_confirmed_change_of_address_marks_the_new_address_as_used(phone, owner, mailoutbox):
    phone.complete()
    response = phone.post("/auth/email/change", {"password": PASSWORD, "new_email": "second@example.org"})
    assert response.status_code == 202
    send_pending_mails()
    code = next(code_in(mail) for mail in mailoutbox if mail.to == ["second@example.org"])
    assert not free_inspection.is_used_up("second@example.org")
    assert phone.post("/auth/email/verify", {"code": code}).status_code == 204
    assert free_inspection.is_used_up("second@example.org")


def remember_in_both_orders() -> None:
    """Remember three addresses and the same in reverse, while another transaction adds the one in the middle."""
    addresses = sorted(("a@example.org", "b@example.org", "c@example.org"), key=free_inspection._hash)
    forwards, backwards = (partial(free_inspection.remember, *each) for each in (addresses, addresses[::-1]))
    at_once_behind(partial(free_inspection.remember, addresses[1]), forwards, backwards)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no single row")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_sorted", [True, False], ids=["sorted", "the control"])
def test_two_owners_who_swap_their_addresses_do_not_wait_for_each_other(monkeypatch, is_sorted):
    if is_sorted:
        remember_in_both_orders()
        assert UsedFreeInspection.objects.count() == 3
    else:
        monkeypatch.setattr(free_inspection, "sorted", list, raising=False)
        with pytest.raises(OperationalError, match="deadlock"):
            remember_in_both_orders()
