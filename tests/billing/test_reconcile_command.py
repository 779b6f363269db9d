"""Test `manage.py reconcile` without the keys of a provider."""

import pytest
from django.core.management import CommandError, call_command

from billing.models import Reconciliation
from billing.reconciliation.days import comparable_providers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("provider", comparable_providers())
def test_a_provider_that_is_not_set_up_is_named_in_the_error(provider, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match=f"{provider.value} is not set up here"):
        call_command("reconcile", provider=provider.value)
    assert not Reconciliation.objects.exists()
