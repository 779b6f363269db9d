from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MaretechConfig(AppConfig):
    name = "maretech"
    label = "maretech"

    def ready(self) -> None:
        from maretech import checks  # noqa: F401


class StaffAdminConfig(AdminConfig):
    """Django's admin, with doors of our own."""

    default_site = "accounts.staff_site.StaffSite"
