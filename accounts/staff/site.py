"""Access to the admin: who may enter, with which factors, and how many tries are allowed."""

from typing import Any, Final, cast

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as remember_verified
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.identity.addresses import normalise_email
from accounts.identity.password_spelling import normalise_password
from accounts.identity.sessions import throttle_sign_in
from accounts.models import StaffAction, User
from accounts.staff.password_page import StaffPasswordView
from accounts.staff.second_factor import (
    AlreadyEnrolled,
    WrongCode,
    enrol,
    format_secret,
    is_enrolled,
    new_secret,
    provisioning_uri,
    recovery_codes_left,
    verified_device,
)
from maretech.common.http.throttling import client_address, retry_after
from maretech.common.text import plain_digits

SECRET_KEY: Final = "second_factor_secret"  # noqa: S105 - where the session keeps it until it is proven
RECENT_ACTIONS: Final = 10
CODE_HELP: Final = "Six digits from your authenticator app, or a recovery code. Empty if you have no second factor."


class CodeField(forms.CharField):
    """A code field: browsers neither store nor correct it, and it accepts digits of any script."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label="Code", max_length=32, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return plain_digits(super().to_python(value) or "")


class StaffLoginForm(AdminAuthenticationForm):
    """Applies the API's limits of tries per address and per account. Never says what was wrong."""

    code = CodeField(required=False, help_text=CODE_HELP)
    error_messages = {
        "invalid_login": "E-mail address, password and code do not belong together. A code works only once.",
        "inactive": "E-mail address, password and code do not belong together. A code works only once.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "E-mail address"

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not user.email_verified:
            raise self.get_invalid_login_error()

    def clean(self) -> dict[str, Any]:
        _count_try(self.request, email=self.cleaned_data.get("username", ""))
        cleaned = super().clean()
        user = self.get_user()
        if user is not None and is_enrolled(user):
            device = verified_device(user=user, code=self.cleaned_data.get("code", ""))
            if device is None:
                raise self.get_invalid_login_error()
            user.otp_device = device  # type: ignore[attr-defined]  # the library's login handler keeps it
        return cleaned


class StaffPasswordChangeForm(AdminPasswordChangeForm):
    """Changes the API's password too; saving the user ends the sessions there."""

    def clean_old_password(self) -> str:
        _count_try(None, email=self.user.email)
        return super().clean_old_password()

    def clean_new_password1(self) -> str:
        return normalise_password(self.cleaned_data["new_password1"])

    def clean_new_password2(self) -> str:
        return normalise_password(self.cleaned_data["new_password2"])


class EnrolmentForm(forms.Form):
    code = CodeField(help_text="The six digits that the app shows now.")


class StaffSite(AdminSite):
    """Django's admin behind a second factor. A session without one reaches only the enrolment page."""

    login_form = StaffLoginForm
    login_template = "staff/login.html"
    enable_nav_sidebar = False  # its width would cut the columns of the lists at 1280 px

    def has_permission(self, request: HttpRequest) -> bool:
        if not self._is_staff(request):
            return False
        user = cast("User", request.user)
        if request.user.is_verified():  # type: ignore[union-attr]
            return True
        return not settings.ADMIN_REQUIRE_SECOND_FACTOR and not is_enrolled(user)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return Django's list of tables, made once it is read. Every page carries it, and only the index shows it."""
        made = super().get_app_list
        return cast("list[Any]", SimpleLazyObject(lambda: made(request, app_label)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        recent = StaffAction.objects.filter(staff=cast("User", request.user)).order_by("-at")[:RECENT_ACTIONS]
        return super().index(request, {"recent_actions": recent, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("second-factor/", self.second_factor, name="second_factor"),
            path("set-password/<str:token>/", StaffPasswordView.as_view(site=self), name="staff_password"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and not self.has_permission(request) and self._may_enrol(request):
            return HttpResponseRedirect(reverse("admin:second_factor"))
        response = super().login(request, extra_context)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            request.session.cycle_key()  # Django keeps the key when a user signs in again
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        view = PasswordChangeView.as_view(
            form_class=StaffPasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Enrol by QR code and a first code; shows the recovery codes once. An enrolled user sees the current state."""
        if not (self._may_enrol(request) or self.has_permission(request)):
            return HttpResponseRedirect(reverse("admin:login"))
        user = cast("User", request.user)
        if is_enrolled(user):
            return self._page(request, recovery_codes_left=recovery_codes_left(user))
        # In the session and in no row: a person who signs in elsewhere never sees the secret that another has scanned.
        secret = request.session.setdefault(SECRET_KEY, new_secret())
        form = EnrolmentForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                codes = enrol(user=user, secret=secret, code=form.cleaned_data["code"])
            except WrongCode:
                form.add_error("code", "This is not the code of this secret. Look at the clock of your phone.")
            except AlreadyEnrolled:
                return HttpResponseRedirect(reverse("admin:login"))
            else:
                return self._enrolled(request, user, codes)
        uri = provisioning_uri(user=user, secret=secret)
        # Drawn here from our own text: the page fetches nothing, and no script draws it.
        picture = mark_safe(segno.make(uri).svg_inline(scale=5, border=4, dark="#000", light="#fff"))  # noqa: S308
        return self._page(request, form=form, picture=picture, secret=format_secret(secret))

    def _enrolled(self, request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
        del request.session[SECRET_KEY]
        remember_verified(request, TOTPDevice.objects.get(user=user))
        request.session.cycle_key()
        messages.success(request, "Your second factor is set up. From now on you sign in with a code.")
        return self._page(request, recovery_codes=codes)

    def _is_staff(self, request: HttpRequest) -> bool:
        """Checked here too, regardless of how the account became staff: an unproven address grants nothing."""
        return super().has_permission(request) and cast("User", request.user).email_verified

    def _may_enrol(self, request: HttpRequest) -> bool:
        return self._is_staff(request) and not is_enrolled(cast("User", request.user))

    def _page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        whole = {**self.each_context(request), "title": "Second factor", **context}
        return TemplateResponse(request, "staff/second_factor.html", whole)


def _count_try(request: HttpRequest | None, *, email: str) -> None:
    """Count one try at this login, by address and by account. Raises `ValidationError` over the limit."""
    waits = [throttle_sign_in(normalise_email(email))]
    if request is not None:
        waits.append(retry_after(scope="credentials", caller=f"addr:{client_address(request)}"))
    if any(wait is not None for wait in waits):
        raise ValidationError("Too many tries. Wait a while.", code="rate_limited")
