"""Request every page and every action of the admin as each kind of caller: the page must refuse all without the right.

The callers: anonymous, an owner, staff without any permission, staff with view permissions only, support, support
without a second factor yet, and a superuser, who proves that each page exists.

Control, attack by attack: every caller has every permission, and the admin checks neither identity nor code.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Permission
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAction, User
from accounts.staff.permissions import support_group
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import submitted_mixed
from maretech.common.staff.object_actions import StaffPageAdmin

REASON: Final = {"reason": "somebody who may not do this"}
UNVERIFIED: Final = "support without second factor"


@dataclass(frozen=True, slots=True)
class Page:
    """A list, a row's page, or an action on a row; `permission` is the permission it requires."""

    path: str
    permission: str
    is_action: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """The permissions granted to the account, not those that Django derives: the control changes the latter."""

    name: str
    user: User | None
    given: frozenset[str] = frozenset()

    def may(self, page: Page) -> bool:
        return self.user is not None and (self.user.is_superuser or page.permission in self.given)


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    for account in (User, AnonymousUser):
        stack.enter_context(patch.object(account, "has_perm", lambda *_: True))
        stack.enter_context(patch.object(account, "has_module_perms", lambda *_: True))
    stack.enter_context(patch.object(admin.site.__class__, "has_permission", lambda *_: True))
    return stack


def drill(context: DrillContext) -> Result:
    submitted_mixed(2)
    pages, roles = list(_pages()), list(_roles())
    with override_settings(ADMIN_REQUIRE_SECOND_FACTOR=False):
        faults = [(role.name, fault) for role in roles for fault in _faults(role, pages)]
    with override_settings(ADMIN_REQUIRE_SECOND_FACTOR=True):
        faults += [(UNVERIFIED, fault) for fault in _faults(Role(UNVERIFIED, _support()), pages)]
    actions = sum(page.is_action for page in pages)
    listed = "; ".join(f"{name}: {fault}" for name, fault in faults[:3])
    figure = f"{len(faults)} answers other than they should be" + (f" ({listed})" if faults else "")
    n = f"{len(pages) - actions} pages and {actions} actions × {len(roles) + 1} kinds of caller"
    succeeded = Counter(name for name, _ in faults)
    attackers = [role.name for role in roles if not all(role.may(page) for page in pages)]
    attacks = {name: succeeded[name] > 0 for name in (*attackers, UNVERIFIED)}
    return Result(n, figure, "0", not faults and actions > 0, attacks)


def _pages() -> Iterator[Page]:
    """Return the list of each table, the page of one of its rows, and every action on that row."""
    for model, page in admin.site._registry.items():  # noqa: SLF001 - there is no other way to list all of them
        meta = model._meta
        name, view = f"admin:{meta.app_label}_{meta.model_name}", f"{meta.app_label}.view_{meta.model_name}"
        yield Page(reverse(f"{name}_changelist"), view)
        row = model._default_manager.first()  # noqa: SLF001 - as the admin does
        if row is None:
            continue
        yield Page(reverse(f"{name}_change", args=[row.pk]), view)
        if isinstance(page, StaffPageAdmin):
            for action in page.object_actions:
                yield Page(reverse(f"{name}_act", args=[row.pk, action.name]), action.permission, is_action=True)


def _roles() -> Iterator[Role]:
    yield Role("anonymous", None)
    yield Role("owner", _account())
    yield _as_role("staff without permission", _account(is_staff=True))
    onlooker = _account(is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    yield _as_role("onlooker", onlooker)
    yield _as_role("support", _support())
    yield _as_role("superuser", _account(is_staff=True, is_superuser=True))


def _support() -> User:
    user = _account(is_staff=True)
    user.groups.add(support_group())
    return user


def _account(**rights: bool) -> User:
    user = User.objects.create_user(f"{uuid4().hex}@example.org", email_verified_at=timezone.now())
    User.objects.filter(pk=user.pk).update(**rights)
    return User.objects.get(pk=user.pk)


def _as_role(name: str, user: User) -> Role:
    given = Permission.objects.filter(user=user) | Permission.objects.filter(group__user=user)
    named = given.values_list("content_type__app_label", "codename")
    return Role(name, user, frozenset(f"{app}.{codename}" for app, codename in named))


def _faults(role: Role, pages: Sequence[Page]) -> Iterator[str]:
    """Return each page or action allowed to an unauthorised caller, and each page denied to an authorised one."""
    # Without the guard, an action of an anonymous caller fails: a 500 counts as a fault, too.
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    if role.user is not None:
        client.force_login(role.user)
    for page in pages:
        before = StaffAction.objects.count()
        answers = [client.get(page.path).status_code]
        if page.is_action:  # an authorised caller sends no reason, so the form is shown again
            answers.append(client.post(page.path, {} if role.may(page) else REASON).status_code)
        expected = _expected(role, page)
        if not set(answers) <= expected or StaffAction.objects.count() != before:
            yield f"{page.path}: {answers}"


def _expected(role: Role, page: Page) -> set[int]:
    """Return the allowed statuses: the page, a redirect to the login or the second factor, or a refusal.

    An action that the row does not allow now redirects to the row's page, which says so.
    """
    if role.may(page):
        return {200, 302} if page.is_action else {200}
    return {302, 403} if role.user is not None and role.user.is_staff and role.name != UNVERIFIED else {302}


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
