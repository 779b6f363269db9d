"""The admin's read-only pages about accounts. Only rules change accounts, and each change has a reason."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Consent, Device, Erasure, Export, Session, StaffAction, User
from maretech.common.staff.object_actions import ReadOnlyAdmin

admin.site.unregister(Group)  # the groups are made by `create_staff`, not by hand
admin.site.unregister([TOTPDevice, StaticDevice])  # they would show a colleague's secret


@admin.register(User)
class UserAdmin(ReadOnlyAdmin[User]):
    list_display = ("email", "created_at", "is_active", "is_staff")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    ordering = ("-created_at",)
    fields = (
        "id",
        "email",
        "created_at",
        "last_login",
        "email_verified_at",
        "erased_at",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
    )


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    linked_filters = ("user__id__exact",)
    list_display = ("id", "user", "created_at", "refreshed_at", "user_agent", "ended_at", "end_reason")
    list_filter = ("end_reason",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-created_at",)
    fields = ("id", "user", "created_at", "refreshed_at", "access_issued_at", "user_agent", "ended_at", "end_reason")


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin[Device]):
    linked_filters = ("user__id__exact",)
    list_display = ("id", "user", "platform", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-created_at",)
    fields = ("id", "user", "session", "platform", "created_at")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin[Consent]):
    linked_filters = ("user__id__exact",)
    list_display = ("user", "document", "version", "given_at")
    list_filter = ("document", "version")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-given_at",)


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnlyAdmin[StaffAction]):
    linked_filters = ("subject_id",)
    list_display = ("at", "staff", "action", "subject_type", "subject_id", "reason")
    list_filter = ("action", "subject_type")
    list_select_related = ("staff",)
    search_fields = ("staff__email", "subject_id", "reason")
    ordering = ("-at",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin[Erasure]):
    """Lists the receipts of erasures. Staff must investigate an erasure that stays open long after its request."""

    list_display = ("id", "requested_at", "asked_by", "attempts", "done_at")
    list_filter = ("asked_by", ("done_at", admin.EmptyFieldListFilter))
    search_fields = ("id",)
    ordering = ("-requested_at",)
    fields = ("id", "user_id", "asked_by", "requested_at", "attempts", "due_at", "done_at", "counts")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin[Export]):
    """Shows that an export exists, never its content."""

    linked_filters = ("user__id__exact",)
    list_display = ("id", "user", "requested_at", "attempts", "built_at", "expires_at")
    list_select_related = ("user",)
    ordering = ("-requested_at",)
    fields = ("id", "user", "requested_at", "attempts", "due_at", "built_at", "byte_size", "expires_at")
