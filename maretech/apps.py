from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured

from maretech import celery  # noqa: F401 - the tasks of every process belong to its application


class MaretechConfig(AppConfig):
    name = "maretech"
    label = "maretech"

    def ready(self) -> None:
        from maretech import checks  # importing registers the checks

        if not checks.reports_itself():
            try:
                checks.refuse_dangerous_start()
            except ImproperlyConfigured as exc:
                raise SystemExit(str(exc)) from None  # prints the names of the dangers without a traceback
        checks.watch_connections()


class StaffAdminConfig(AdminConfig):
    """Django's admin, with our own site and sign-in."""

    default_site = "accounts.staff.site.StaffSite"
