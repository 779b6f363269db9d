"""Admin pages of surveyors and their places: staff register and change them, and make slots by a pattern."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.staff.audit import record_staff_action, staff_actions_on
from billing.admin.money_format import AmountField, as_minor
from billing.payees.register import payee_of
from inspections.vocabulary import Mode
from maretech.common.staff.forms import LinesField
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReasonForm,
    StaffPageAdmin,
    link_to,
    link_to_list,
)
from notifications.recipients.quiet_hours import known_zones
from surveys.directory.slots import Pattern, make_slots
from surveys.directory.surveyors import Profile, add_place, change_surveyor, register_surveyor, with_rating
from surveys.models import MAX_NAME, Place, Surveyor

_WEEKDAYS: Final = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
_LINES: Final = forms.Textarea(attrs={"rows": 3, "cols": 60})
_DAY: Final = forms.DateInput(attrs={"type": "date"})
_YEAR: Final = timedelta(days=366)
_TAKEN: Final = "This account belongs to another payee."


class ListField(LinesField):
    """Several texts, each on its own line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2000, widget=_LINES, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class ProfileForm(ReasonForm):
    name = forms.CharField(max_length=MAX_NAME, help_text="As owners see it.")
    modes = forms.MultipleChoiceField(choices=Mode.choices(), widget=forms.CheckboxSelectMultiple)
    regions = ListField(help_text="One on each line.")
    qualifications = ListField(help_text="One on each line.")
    languages = ListField(help_text="One code on each line, such as de.")


class ChangeForm(ProfileForm):
    is_listed = forms.BooleanField(required=False, help_text="Owners find only listed surveyors.")


class RegisterForm(ProfileForm):
    email = forms.EmailField(label="E-mail of the account", help_text="The surveyor signs in with it.")
    country = forms.RegexField(r"^[A-Z]{2}$", help_text="Two letters, such as DE. Its business days count.")
    currency = forms.RegexField(r"^[A-Z]{3}$", help_text="Three letters, such as EUR. It never changes.")
    account_ref = forms.CharField(
        label="Account", max_length=100, required=False, help_text="The payee's account at the provider."
    )

    field_order = ("email", "name", "modes", "regions", "qualifications", "languages", "country", "currency")

    def clean_email(self) -> User:
        """Return the account of this address."""
        user = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            raise ValidationError("No account has this address.")
        return user


class PlaceForm(ReasonForm):
    name = forms.CharField(max_length=MAX_NAME, help_text="Such as: Boatyard Schmidt, hall 2, Kiel.")
    time_zone = forms.ChoiceField(choices=lambda: [(zone, zone) for zone in sorted(known_zones())])


class PatternForm(ReasonForm):
    first_day = forms.DateField(widget=_DAY)
    last_day = forms.DateField(widget=_DAY, help_text="This day is included.")
    weekdays = forms.TypedMultipleChoiceField(choices=_WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple)
    first_start = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}), help_text="Local time of the place.")
    count = forms.IntegerField(label="Times a day", min_value=1, max_value=24, initial=1)
    length = forms.IntegerField(label="Minutes each", min_value=15, max_value=720, initial=90)
    gap = forms.IntegerField(label="Minutes in between", min_value=0, max_value=720, initial=0)
    except_days = ListField(label="Except", help_text="One day on each line, such as 2026-12-24.")
    skips_holidays = forms.BooleanField(label="Skip public holidays", required=False, initial=True)
    price = AmountField(help_text="In the currency of the surveyor, such as 180.00.")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day < timezone.now().date() - timedelta(days=1):  # it may still be yesterday at the place
            raise ValidationError("This day is over.")
        return day

    def clean_except_days(self) -> list[Any]:
        return [forms.DateField().clean(line) for line in self.cleaned_data["except_days"]]

    def clean_price(self) -> int:
        """Return the price in minor units."""
        price = as_minor(self.cleaned_data["price"], self.currency)
        if price < 1:
            raise ValidationError("The price must be above zero.")
        return price

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "first_day" in cleaned and "last_day" in cleaned:
            span = cleaned["last_day"] - cleaned["first_day"]
            if not timedelta() <= span <= _YEAR:
                self.add_error("last_day", "Not before the first day, and at most a year later.")
            elif cleaned["last_day"] > timezone.now().date() + 2 * _YEAR:
                self.add_error("last_day", "At most two years from today.")
        return cleaned


class SurveyorAction(ObjectAction[Surveyor]):
    permission = "surveys.change_surveyor"


class Change(SurveyorAction):
    name = "change"
    label = "Change the profile"
    explanation = "Owners see it at once. The appointments that exist stay as they are."
    form_class = ChangeForm

    def initial(self, row: Surveyor) -> dict[str, Any]:
        lists = {name: "\n".join(getattr(row, name)) for name in ("regions", "qualifications", "languages")}
        return {"name": row.name, "modes": row.modes, "is_listed": row.is_listed, **lists}

    def perform(self, *, staff: Any, row: Surveyor, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            try:
                before = change_surveyor(row.pk, profile=_profile(data), is_listed=data["is_listed"])
            except ValidationError as error:
                raise ActionRefused(" ".join(error.messages)) from error
            if not before:
                raise ActionRefused("No change: these are the current values.")
            # The log is permanent: it says which values changed, and holds no name that an erasure would miss.
            detail = {"changed": sorted(before)}
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        return f"{self.label}: done."


class AddPlace(SurveyorAction):
    name = "add_place"
    label = "Add a place"
    explanation = "A place where the surveyor meets owners. Times of slots are local to it."
    form_class = PlaceForm

    def perform(self, *, staff: Any, row: Surveyor, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            try:
                place = add_place(row, name=data["name"], time_zone=data["time_zone"])
            except ValidationError as error:
                raise ActionRefused(" ".join(error.messages)) from error
            record_staff_action(
                staff=staff, action=self.name, subject=row, reason=data["reason"], detail={"place": str(place.pk)}
            )
        return f"{place}: {place.time_zone}."


class MakeSlots(ObjectAction[Place]):
    name = "make_slots"
    label = "Make slots"
    explanation = "Offers times by a weekly pattern. Times that overlap with offered ones are left out."
    permission = "surveys.add_slot"

    def refusal(self, row: Place) -> str | None:
        return None if payee_of(row.surveyor.user_id) else "This surveyor is no payee yet: nothing could be paid out."

    def form(self, row: Place, data: Any) -> PatternForm:
        payee = payee_of(row.surveyor.user_id)
        return PatternForm(data, currency=payee.currency if payee else "EUR")

    def perform(self, *, staff: Any, row: Place, data: Mapping[str, Any]) -> str:
        pattern = Pattern(
            **{name: data[name] for name in ("first_day", "last_day", "weekdays", "first_start", "count")},
            length=timedelta(minutes=data["length"]),
            gap=timedelta(minutes=data["gap"]),
            except_days=data["except_days"],
            skips_holidays=data["skips_holidays"],
            price_minor=data["price"],
        )
        with transaction.atomic():
            try:
                made = make_slots(row, pattern)
            except ValidationError as error:
                raise ActionRefused(" ".join(error.messages)) from error
            detail = {"made": made.made, "overlapping": made.overlapping}
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        left_out = f" {made.overlapping} overlap with offered times and were left out." if made.overlapping else ""
        return f"{made.made} slots are offered.{left_out}"


@admin.register(Surveyor)
class SurveyorAdmin(StaffPageAdmin[Surveyor]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Change(), AddPlace())
    change_form_template = "admin/surveys/surveyor/change_form.html"
    linked_filters = ("user__id__exact",)
    list_display = ("name", "user", "mode_labels", "region_names", "rated", "is_listed", "created_at")
    list_filter = ("is_listed", "created_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__email", "id")
    search_help_text = "Name, e-mail, or id (or a part of it)."
    fields = (
        "id",
        ("name", "user_link"),
        ("mode_labels", "region_names"),
        ("qualification_names", "language_codes"),
        ("is_listed", "rated", "created_at"),
        ("slots_link", "appointments_link", "reviews_link"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Surveyor]:
        return with_rating(super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may register surveyors and payees: both are written."""
        return bool(request.user.has_perms(["surveys.add_surveyor", "billing.add_payee"]))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Register a user as a surveyor."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RegisterForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (row := _registered(request, form)) is not None:
            return HttpResponseRedirect(self._address(row))
        return self.form_page(
            request,
            form,
            title="Register a surveyor",
            subject="A user who is paid for appointments",
            explanation="The account can be booked from now on, once it has a place and slots.",
            back="../",
        )

    @admin.display(description="account")
    def user_link(self, row: Surveyor) -> SafeString:
        return link_to(row.user)

    @admin.display(description="modes")
    def mode_labels(self, row: Surveyor) -> str:
        return ", ".join(Mode(mode).label for mode in row.modes)

    @admin.display(description="regions")
    def region_names(self, row: Surveyor) -> str:
        return ", ".join(row.regions)

    @admin.display(description="qualifications")
    def qualification_names(self, row: Surveyor) -> str:
        return ", ".join(row.qualifications)

    @admin.display(description="languages")
    def language_codes(self, row: Surveyor) -> str:
        return ", ".join(row.languages)

    @admin.display(description="rating")
    def rated(self, row: Any) -> str:
        return "–" if row.rating is None else f"{row.rating:.1f} ({row.rating_count})"

    @admin.display(description="slots")
    def slots_link(self, row: Surveyor) -> SafeString:
        return link_to_list("surveys_slot", "surveyor__id__exact", row, "slots of this surveyor")

    @admin.display(description="appointments")
    def appointments_link(self, row: Surveyor) -> SafeString:
        return link_to_list("surveys_appointment", "surveyor__id__exact", row, "appointments of this surveyor")

    @admin.display(description="reviews")
    def reviews_link(self, row: Surveyor) -> SafeString:
        return link_to_list("surveys_review", "surveyor__id__exact", row, "reviews of this surveyor")

    def sections(self, request: HttpRequest, row: Surveyor) -> dict[str, Any]:
        return {"places": row.places.all(), "staff_actions": staff_actions_on(row)}


@admin.register(Place)
class PlaceAdmin(StaffPageAdmin[Place]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (MakeSlots(),)
    list_display = ("name", "surveyor", "time_zone")
    list_select_related = ("surveyor",)
    search_fields = ("name", "surveyor__name")
    search_help_text = "Name of the place or of the surveyor."
    fields = ("id", ("name", "surveyor_link"), "time_zone")

    @admin.display(description="surveyor")
    def surveyor_link(self, row: Place) -> SafeString:
        return link_to(row.surveyor)

    def sections(self, request: HttpRequest, row: Place) -> dict[str, Any]:
        return {"staff_actions": staff_actions_on(row)}


def _registered(request: HttpRequest, form: RegisterForm) -> Surveyor | None:
    """Register the surveyor; a refusal becomes an error of the form."""
    data = form.cleaned_data
    paid = {name: data[name] for name in ("country", "currency", "account_ref")}
    try:
        with transaction.atomic():
            row = register_surveyor(user=data["email"], profile=_profile(data), **paid)
            record_staff_action(staff=request.user, action="register_surveyor", subject=row, reason=data["reason"])  # type: ignore[arg-type]
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            form.add_error(field if field in form.fields else None, texts)
        return None
    except IntegrityError:
        form.add_error("account_ref", _TAKEN)
        return None
    messages.success(request, f"{row} is a surveyor.")
    return row


def _profile(data: Mapping[str, Any]) -> Profile:
    return Profile(**{name: data[name] for name in ("name", "modes", "regions", "qualifications", "languages")})
