"""Permissions of the group `support`: viewing every table of ours, and the actions that each app registers for it."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

SUPPORT = "support"
# Django's own tables hold permissions and the cookies of signed-in colleagues. Support has no access to them.
NOT_FOR_SUPPORT = ("admin", "auth", "contenttypes", "otp_static", "otp_totp", "sessions")
_action_permissions: set[tuple[str, str]] = set()


def allow_support(permission: str) -> None:
    """Register an action for the group, as `app.codename`. Its app calls this when it is ready."""
    app_label, codename = permission.split(".")
    _action_permissions.add((app_label, codename))


def support_group() -> Group:
    """Return the group with exactly the permissions it should have now."""
    group, _ = Group.objects.get_or_create(name=SUPPORT)
    allowed = Q(codename__startswith="view_") & ~Q(content_type__app_label__in=NOT_FOR_SUPPORT)
    for app_label, codename in _action_permissions:
        allowed |= Q(content_type__app_label=app_label, codename=codename)
    group.permissions.set(Permission.objects.filter(allowed))
    return group
