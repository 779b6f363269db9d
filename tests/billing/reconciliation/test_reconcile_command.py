"""Test `manage.py reconcile` without the keys of a provider."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from billing.errors import ProviderNotSetUp
from billing.models import Reconciliation
from billing.reconciliation.days import comparable_providers, reconcile
from billing.vocabulary import Provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("provider", comparable_providers())
def test_the_error_names_a_provider_that_is_not_set_up(provider, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match=f"{provider.value} is not set up here"):
        call_command("reconcile", provider=provider.value)
    assert not Reconciliation.objects.exists()


@pytest.mark.parametrize("provider", [Provider.MOCK, Provider.STAFF])
def test_a_provider_without_a_balance_counts_as_not_set_up(provider):
    with pytest.raises(ProviderNotSetUp):
        reconcile(provider, date(2026, 11, 1))
