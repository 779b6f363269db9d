"""The admin's read-only pages about accounts. Only rules change accounts, and each change has a reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Consent, Device, Erasure, Export, Session, StaffAction, StepUp, StepUpFlag, User
from accounts.staff.step_up_flags import FlagRefused, flag_account, flag_refusal, lift_flag, lift_refusal
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReadOnlyAdmin, StaffPageAdmin

admin.site.unregister(Group)  # the groups are made by `create_staff`, not by hand
admin.site.unregister([TOTPDevice, StaticDevice])  # they would show a colleague's secret


class FlagAccount(ObjectAction[User]):
    name = "flag_for_step_up"
    label = "Flag for step-ups"
    explanation = (
        "Until the flag is lifted, the owner must enter a code before paying for an appointment. "
        "The code comes by mail, or from the owner's authenticator app."
    )
    permission = "accounts.add_stepupflag"

    def refusal(self, row: User) -> str | None:
        return flag_refusal(row)

    def perform(self, *, staff: Any, row: User, data: Mapping[str, Any]) -> str:
        try:
            flag_account(user=row, staff=staff, reason=data["reason"])
        except FlagRefused as refused:
            raise ActionRefused(str(refused)) from refused
        return f"{row} is flagged for step-ups."


class LiftFlag(ObjectAction[User]):
    name = "lift_step_up_flag"
    label = "Lift the flag for step-ups"
    explanation = "The owner needs no code any more, unless a rule asks for one."
    permission = "accounts.change_stepupflag"

    def refusal(self, row: User) -> str | None:
        return lift_refusal(row)

    def perform(self, *, staff: Any, row: User, data: Mapping[str, Any]) -> str:
        try:
            lift_flag(user=row, staff=staff, reason=data["reason"])
        except FlagRefused as refused:
            raise ActionRefused(str(refused)) from refused
        return f"{row} is not flagged any more."


@admin.register(User)
class UserAdmin(StaffPageAdmin[User]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (FlagAccount(), LiftFlag())
    change_form_template = "admin/accounts/user/change_form.html"  # of the app that links to every table about an owner
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
        "email_changed_at",
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


@admin.register(StepUp)
class StepUpAdmin(ReadOnlyAdmin[StepUp]):
    """Shows who asked for a step-up, when and how often a code was tried, never the code."""

    linked_filters = ("user__id__exact",)
    list_display = ("requested_at", "user", "channel", "tries", "used_at")
    list_filter = ("channel", ("used_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-requested_at",)
    fields = ("id", "user", "session", "channel", "requested_at", "sent_at", "expires_at", "tries", "used_at")


@admin.register(StepUpFlag)
class StepUpFlagAdmin(ReadOnlyAdmin[StepUpFlag]):
    """Lists the flags. The page of the user sets and lifts them."""

    linked_filters = ("user__id__exact",)
    list_display = ("set_at", "user", "reason", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "action")
    search_fields = ("user__email",)
    ordering = ("-set_at",)
    fields = ("id", "user", "reason", "set_by", "set_at", "lifted_at")

    @admin.display(description="reason")
    def reason(self, row: StepUpFlag) -> str:
        return row.action.reason

    @admin.display(description="set by")
    def set_by(self, row: StepUpFlag) -> str:
        return str(row.action.staff)


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
