"""The page behind an invitation's link: the person chooses a password and becomes staff."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from accounts.errors import LinkInvalid, PasswordTooWeak
from accounts.identity.password_spelling import MAX_PASSWORD_LENGTH
from accounts.models import StaffInvitation
from accounts.staff.invitations import accept_invitation
from accounts.staff.links import invitation_of
from maretech.common.http.throttling import client_address, retry_after


def _password_field(label: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, max_length=MAX_PASSWORD_LENGTH, widget=widget)


class NewPasswordForm(forms.Form):
    password = _password_field("New password")
    again = _password_field("New password again")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", "The two passwords differ.")
        return given


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class StaffPasswordView(View):
    """Shows the form and sets the password. A GET does not use the link up, because mail scanners follow links."""

    site: AdminSite | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        wait = retry_after(scope="credentials", caller=f"addr:{client_address(request)}")
        if wait is not None:
            page = self._page(request, status=429, problem="Too many tries. Wait a while.")
            page["Retry-After"] = str(wait)
            return page
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitation_of(token)
        if invitation is None:
            return self._dead_link(request)
        return self._form(request, invitation, NewPasswordForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitation_of(token)
        form = NewPasswordForm(request.POST)
        if invitation is None:
            return self._dead_link(request)
        if not form.is_valid():
            return self._form(request, invitation, form)
        try:
            user = accept_invitation(token=token, password=form.cleaned_data["password"])
        except LinkInvalid:
            return self._dead_link(request)
        except PasswordTooWeak as exc:
            for text in exc.details["fields"]["password"]:
                form.add_error("password", text)
            return self._form(request, invitation, form)
        messages.success(request, f"The password of {user.email} is set. Sign in with it.")
        return HttpResponseRedirect(reverse("admin:login"))

    def _form(self, request: HttpRequest, invitation: StaffInvitation, form: NewPasswordForm) -> HttpResponse:
        return self._page(request, form=form, email=invitation.user.email)

    def _dead_link(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, status=404, problem=LinkInvalid.message)

    def _page(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        assert self.site is not None  # set by the site's own route
        whole = {**self.site.each_context(request), "title": "Choose a password", **context}
        return TemplateResponse(request, "staff/password.html", whole, status=status)
