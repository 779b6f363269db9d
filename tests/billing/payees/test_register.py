"""Test the payees that staff keep."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.models import Payee
from billing.payees.register import change_payee, payee_of, register_payee
from billing.vocabulary import Provider

pytestmark = pytest.mark.django_db


def test_a_user_is_one_payee(owner, stranger):
    payee = register_payee(user=owner, country="DE", currency="EUR", account_ref="acct_1")
    assert register_payee(user=owner, country="NL", currency="USD", account_ref="acct_2") == payee
    assert (payee.country, payee.currency, payee.provider) == ("DE", "EUR", Provider.STRIPE)
    assert (payee_of(owner), payee_of(stranger)) == (payee, None)


@pytest.mark.parametrize(
    "values",
    [
        {"country": "XX"},
        {"country": "de"},
        {"currency": "eur"},
        {"currency": "INSPECTION"},
        {"account_ref": "acct 1"},
        {"account_ref": "x" * 101},
        {"provider": Provider.PLAY_STORE},
        {"provider": Provider.STAFF},
    ],
)
def test_what_cannot_be_paid_is_refused(owner, values):
    with pytest.raises(ValidationError):
        register_payee(user=owner, **({"country": "DE", "currency": "EUR"} | values))
    assert not Payee.objects.exists()


def test_a_change_returns_what_it_was(owner):
    payee = register_payee(user=owner, country="DE", currency="EUR", account_ref="acct_1")
    assert change_payee(payee.pk, country="DE", account_ref="acct_2") == {"account_ref": "acct_1"}
    assert change_payee(payee.pk, country="DE", account_ref="acct_2") == {}
    with pytest.raises(ValidationError):
        change_payee(payee.pk, country="XX", account_ref="acct_3")
    assert payee_of(owner).account_ref == "acct_2"


def test_an_account_belongs_to_one_payee(owner, stranger):
    register_payee(user=owner, country="DE", currency="EUR", account_ref="acct_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        register_payee(user=stranger, country="DE", currency="EUR", account_ref="acct_1")
