"""Capture policies: read only, and a form that adds the next version."""

from dataclasses import asdict
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import User
from accounts.staff.audit import staff_actions_on
from inspections.capture.policies import CONTENT_TYPES, PolicyValues, add_policy_version, policy_values
from inspections.lifecycle.allowance import current_policy
from inspections.models import CapturePolicy
from inspections.vocabulary import Angle, Mode
from maretech.common.http.errors import Invalid
from maretech.common.staff.forms import LinesField
from maretech.common.staff.object_actions import ReasonForm, StaffPageAdmin


class PolicyVersionForm(ReasonForm):
    """The values of a version; the rule checks them."""

    free_points = forms.IntegerField(help_text="Points without payment. Osmosis has none.")
    max_points = forms.IntegerField()
    angles = forms.MultipleChoiceField(choices=Angle.choices(), widget=forms.CheckboxSelectMultiple, required=False)
    min_short_side_px = forms.IntegerField(
        label="Shortest side (px)", help_text="Less is rejected; less than twice that warns."
    )
    recommended_long_side_px = forms.IntegerField(
        label="Recommended long side (px)", help_text="The app shrinks larger photos to this before it sends them."
    )
    max_pixels = forms.IntegerField(label="Maximum pixels", help_text="Width times height; more is rejected.")
    max_bytes = forms.IntegerField(label="Largest file (bytes)")
    content_types = forms.MultipleChoiceField(
        choices=[(name, name) for name in CONTENT_TYPES], widget=forms.CheckboxSelectMultiple, required=False
    )
    hints = LinesField(
        widget=forms.Textarea(attrs={"rows": 5, "cols": 40}),
        required=False,
        help_text="One token per line. The app shows only the tokens that it can translate.",
    )

    def values(self) -> PolicyValues:
        values = dict(self.cleaned_data)
        values.pop("reason")
        return PolicyValues(**values | {"hints": values["hints"].split()})


class CapturePolicyAdmin(StaffPageAdmin[CapturePolicy]):
    change_form_template = "admin/inspections/capturepolicy/change_form.html"
    list_display = ("__str__", "free_points", "max_points", "shots", "min_short_side_px", "created_at")
    list_filter = ("mode",)
    ordering = ("mode", "-version")
    fields = (
        ("mode", "version", "created_at"),
        ("free_points", "max_points"),
        "angles",
        ("min_short_side_px", "recommended_long_side_px"),
        ("max_pixels", "max_bytes"),
        "content_types",
        "hints",
    )

    @admin.display(description="angles")
    def shots(self, row: CapturePolicy) -> str:
        return ", ".join(row.angles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspections.add_capturepolicy")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Form for the next version of `?mode=`, prefilled from the newest; without a mode, asks for one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        mode = request.GET.get("mode", "")
        if mode not in Mode.values():
            return self._ask_mode(request)
        newest = current_policy(mode)
        form = PolicyVersionForm(request.POST if request.method == "POST" else None, initial=_initial(newest))
        if form.is_valid() and (added := _added(form, request, mode)) is not None:
            messages.success(
                request, f"Version {added.version} of {mode} is in force for inspections opened from now on."
            )
            return HttpResponseRedirect(self._address(added))
        return self.form_page(
            request,
            form,
            title=f"Add {mode} version",
            explanation=f"The form shows version {newest.version}. Inspections opened before keep their version.",
            subject=str(newest),
            back=self._address(newest),
        )

    def _ask_mode(self, request: HttpRequest) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "modes": Mode.values()}
        return TemplateResponse(request, "staff/policy_mode.html", context | {"title": "Add a version for which mode?"})

    def sections(self, request: HttpRequest, row: CapturePolicy) -> dict[str, Any]:
        return {"may_add": self.has_add_permission(request), "staff_actions": staff_actions_on(row)}


def _initial(newest: CapturePolicy) -> dict[str, Any]:
    return asdict(policy_values(newest)) | {"hints": "\n".join(newest.hints)}


def _added(form: PolicyVersionForm, request: HttpRequest, mode: str) -> CapturePolicy | None:
    """Returns the new version; None if the rule rejects a value, with the error at its field."""
    try:
        return add_policy_version(
            staff=cast(User, request.user), reason=form.cleaned_data["reason"], mode=mode, values=form.values()
        )
    except Invalid as exc:
        for name, texts in exc.details["fields"].items():
            form.add_error(name, texts)
        return None
