from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured


class MaretechConfig(AppConfig):
    name = "maretech"
    label = "maretech"

    def ready(self) -> None:
        from maretech import checks  # these register themselves

        if not checks.reports_itself():
            try:
                checks.refuse_dangerous_start()
            except ImproperlyConfigured as exc:
                raise SystemExit(str(exc)) from None  # the names of the dangers, and no traceback
        checks.watch_connections()


class StaffAdminConfig(AdminConfig):
    """Django's admin, with doors of our own."""

    default_site = "accounts.staff.site.StaffSite"
