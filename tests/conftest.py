"""Staff accounts for the admin, each with other permissions, and a mail server that fails as a test needs."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from accounts.staff.permissions import support_group
from testing.factories import UserFactory
from tests.mail_server import MailServer

ACTS = (
    "add_capturepolicy",
    "add_order",
    "add_slot",
    "add_stepupflag",
    "add_stepuprule",
    "add_subscription",
    "change_appointment",
    "change_appointmentdispute",
    "change_delivery",
    "change_dispute",
    "change_dossier",
    "change_entitlement",
    "change_finding",
    "change_handover",
    "change_inferencejob",
    "change_order",
    "change_payeepayout",
    "change_providerevent",
    "change_refundrequest",
    "change_review",
    "change_slot",
    "change_stepupflag",
    "change_stepuprule",
    "change_surveyor",
)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def viewer_of_everything(email: str) -> User:
    user = UserFactory.create(email=email, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


@pytest.fixture
def staff(db) -> User:
    """May view everything, and take exactly the actions that the admin offers."""
    user = viewer_of_everything("staff@example.org")
    user.user_permissions.add(*Permission.objects.filter(codename__in=ACTS))
    return user


@pytest.fixture
def desk(staff) -> Client:
    return browser(staff)


@pytest.fixture
def onlooker(db) -> Client:
    """May only view."""
    return browser(viewer_of_everything("onlooker@example.org"))


@pytest.fixture
def boss(db) -> Client:
    return browser(UserFactory.create(email="boss@example.org", is_staff=True, is_superuser=True))


@pytest.fixture
def support(db) -> Client:
    """The account that `create_staff` makes."""
    user = UserFactory.create(email="support@example.org", is_staff=True)
    user.groups.add(support_group())
    return browser(user)


@pytest.fixture
def mail_server(settings, monkeypatch) -> type[MailServer]:
    settings.EMAIL_BACKEND = "tests.mail_server.MailServer"
    for name in ("opens", "before", "after"):
        monkeypatch.setattr(MailServer, name, None)
    return MailServer
