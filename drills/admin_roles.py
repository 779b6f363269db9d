"""Every page and every act of the admin, asked for by each kind of caller: who has no right to it gets no further.

Anonymous, an owner, staff without any permission, an onlooker who may only look, support, support that has yet to set
up its second factor, and a superuser, who shows that each page is there.
Control, attack by attack: everybody has every permission, and the door asks neither who they are nor for a code.
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
from drills.harness import Result, Stage, main
from drills.inspecting import submitted_mixed
from maretech.common.staff.object_actions import StaffPageAdmin

REASON: Final = {"reason": "somebody who may not do this"}
UNVERIFIED: Final = "support without second factor"


@dataclass(frozen=True, slots=True)
class Page:
    """A list, a row's page, or an act on a row; `permission` is what it takes."""

    path: str
    permission: str
    is_act: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What was given to the account, not what Django makes of it: the control changes that."""

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


def drill(stage: Stage) -> Result:
    submitted_mixed(2)
    pages, roles = list(_pages()), list(_roles())
    with override_settings(ADMIN_REQUIRE_SECOND_FACTOR=False):
        faults = [(role.name, fault) for role in roles for fault in _faults(role, pages)]
    with override_settings(ADMIN_REQUIRE_SECOND_FACTOR=True):
        faults += [(UNVERIFIED, fault) for fault in _faults(Role(UNVERIFIED, _support()), pages)]
    acts = sum(page.is_act for page in pages)
    told = "; ".join(f"{name}: {fault}" for name, fault in faults[:3])
    figure = f"{len(faults)} answers other than they should be" + (f" ({told})" if faults else "")
    n = f"{len(pages) - acts} pages and {acts} acts × {len(roles) + 1} kinds of caller"
    succeeded = Counter(name for name, _ in faults)
    attackers = [role.name for role in roles if not all(role.may(page) for page in pages)]
    attacks = {name: succeeded[name] > 0 for name in (*attackers, UNVERIFIED)}
    return Result(n, figure, "0", not faults and acts > 0, attacks)


def _pages() -> Iterator[Page]:
    """The list of each table, the page of one of its rows, and every act on that."""
    for model, page in admin.site._registry.items():  # noqa: SLF001 - there is no other way to ask for all of them
        meta = model._meta
        name, view = f"admin:{meta.app_label}_{meta.model_name}", f"{meta.app_label}.view_{meta.model_name}"
        yield Page(reverse(f"{name}_changelist"), view)
        row = model._default_manager.first()  # noqa: SLF001 - as the admin does
        if row is None:
            continue
        yield Page(reverse(f"{name}_change", args=[row.pk]), view)
        if isinstance(page, StaffPageAdmin):
            for act in page.acts:
                yield Page(reverse(f"{name}_act", args=[row.pk, act.name]), act.permission, is_act=True)


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
    """A page that is shown, or an act that is done, to who may not; a page that is kept from who may."""
    client = Client(HTTP_HOST="localhost")
    if role.user is not None:
        client.force_login(role.user)
    for page in pages:
        before = StaffAction.objects.count()
        answers = [client.get(page.path).status_code]
        if page.is_act:  # who may do it sends no reason, so that the form is shown again
            answers.append(client.post(page.path, {} if role.may(page) else REASON).status_code)
        expected = _expected(role, page)
        if not set(answers) <= expected or StaffAction.objects.count() != before:
            yield f"{page.path}: {answers}"


def _expected(role: Role, page: Page) -> set[int]:
    """The page; or the way to the login or to the second factor, or a refusal.

    What cannot be done to a row now is said on the row's page, so that an act may lead there.
    """
    if role.may(page):
        return {200, 302} if page.is_act else {200}
    return {302, 403} if role.user is not None and role.user.is_staff and role.name != UNVERIFIED else {302}


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
