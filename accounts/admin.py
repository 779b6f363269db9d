"""What staff can look up about accounts. Nothing is changed here: rules change things, with a reason."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from accounts.models import Consent, Device, Session, StaffAction, User
from maretech.common.throttling import client_address, retry_after

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # Django's own class takes no parameter
    AnyModelAdmin = admin.ModelAdmin


class StaffLoginForm(AdminAuthenticationForm):
    """The admin's door has the same lock as the API's: so many tries a minute per address."""

    def clean(self) -> dict[str, Any]:
        address = client_address(self.request) if self.request else ""
        if retry_after(limit="credentials", caller=f"addr:{address}") is not None:
            raise ValidationError("Too many tries. Wait a minute.", code="rate_limited")
        return super().clean()


admin.site.login_form = StaffLoginForm


class ReadOnlyAdmin(AnyModelAdmin):
    """Lists and shows, whatever permissions somebody was given."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "created_at", "is_active", "is_staff")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    ordering = ("-created_at",)
    fields = ("id", "email", "created_at", "last_login", "is_active", "is_staff", "is_superuser", "groups")


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "created_at", "refreshed_at", "ended_at", "end_reason")
    list_filter = ("end_reason",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-created_at",)
    fields = ("id", "user", "created_at", "refreshed_at", "ended_at", "end_reason")


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "platform", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-created_at",)
    fields = ("id", "user", "platform", "created_at")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("user", "document", "version", "given_at")
    list_filter = ("document", "version")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-given_at",)


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnlyAdmin):
    list_display = ("at", "staff", "action", "subject_type", "subject_id", "reason")
    list_filter = ("action", "subject_type")
    list_select_related = ("staff",)
    search_fields = ("staff__email", "subject_id", "reason")
    ordering = ("-at",)
