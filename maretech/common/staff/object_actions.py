"""Building blocks of all staff pages: read-only tables, and actions that demand a reason."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maretech.common.staff.forms import LinesField

admin.site.site_header = admin.site.site_title = "Maretech staff"
admin.site.index_title = "Support"
admin.site.site_url = None  # this is the only site

Row = TypeVar("Row", bound=Model)
# The form field that says that its effects were shown and accepted.
CONFIRMED = "confirmed"


class ActionRefused(Exception):
    """The action is not possible in the row's current state. The text is shown to staff."""


class ActionUnfinished(Exception):
    """The attempt is recorded, but the action is not done, or not for sure. The text is shown on the row's page."""


class ReasonForm(forms.Form):
    """Asks for the reason as its last field. A blank reason is an error of the form."""

    reason = LinesField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Stored permanently, with your name. No card numbers, no passwords.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = self.fields.pop("reason")


class IdempotentForm(ReasonForm):
    """Carries its own key, so that an action recognises a form that was sent twice."""

    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


class ObjectAction(ABC, Generic[Row]):
    """An action of staff on one row. `permission` is Django's, as `app.codename`."""

    name: ClassVar[str]
    label: ClassVar[str]
    explanation: ClassVar[str]
    permission: ClassVar[str]
    form_class: ClassVar[type[ReasonForm]] = ReasonForm

    def refusal(self, row: Row) -> str | None:
        """Return why this cannot be done to this row now; None when it can."""
        return None

    def explained(self, row: Row) -> str:
        """Return what the action does to this row, for the form. The default is the same for every row."""
        return self.explanation

    def initial(self, row: Row) -> dict[str, Any]:
        """Return the form's initial values."""
        return {}

    def form(self, row: Row, data: Any) -> ReasonForm:
        """Return the form for this row; unbound when `data` is None."""
        return self.form_class(data, initial=self.initial(row))

    def confirmation(self, row: Row, data: Mapping[str, Any]) -> list[str]:
        """Return the effects for staff to confirm on a separate page; empty when no confirmation is needed.

        Raises `ActionRefused`.
        """
        return []

    @abstractmethod
    def perform(self, *, staff: Any, row: Row, data: Mapping[str, Any]) -> str:
        """Do and record the action in one transaction. `data` is the form's. Returns the message for staff.

        An action that asks the outside world is recorded first, asks outside the transaction, and may raise
        `ActionUnfinished`.
        """


# Suffixes that list filters and the date hierarchy add to their field's name in the address.
_FILTER_SUFFIXES = ("", "__exact", "__id__exact", "__isnull", "__isempty", "__gte", "__lt")
_HIERARCHY_SUFFIXES = ("__year", "__month", "__day", "__gte", "__lt")


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Lists and shows rows, whatever permissions the user has.

    An address filters a list only by what the list offers: its filters, its date hierarchy and `linked_filters`, the
    parameters with which other pages link to it. Django alone would filter by every column, so that
    `?password__startswith=` would reveal a hash letter by letter.
    """

    actions = None
    show_full_result_count = False
    linked_filters: ClassVar[tuple[str, ...]] = ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in self.linked_filters or lookup in self._offered_filters(request)

    def _offered_filters(self, request: HttpRequest | None) -> set[str]:
        filters = self.list_filter if request is None else self.get_list_filter(request)
        offered: set[str] = set()
        for each in filters:
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                offered.add(str(each.parameter_name))
                continue
            field = each[0] if isinstance(each, tuple | list) else each
            offered |= {f"{field}{suffix}" for suffix in _FILTER_SUFFIXES}
        if self.date_hierarchy:
            offered |= {f"{self.date_hierarchy}{suffix}" for suffix in _HIERARCHY_SUFFIXES}
        return offered

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return every column unless `fields` names some: Django's default omits uneditable columns, such as times."""
        return self.fields or [field.name for field in self.opts.concrete_fields]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuse a POST to a list that has no action."""
        if request.method == "POST" and not self.get_actions(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Raises Http404: Django's log of changes stays empty here, because staff actions are the record."""
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class StaffPageAdmin(ReadOnlyAdmin[Row]):
    """Read-only, with actions: each asks for a reason on its own page and is offered only where it is allowed."""

    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = ()
    change_form_template = "staff/row.html"

    def name_of(self, row: Row) -> str:
        """Return the page's name for its row."""
        return str(row)

    def sections(self, request: HttpRequest, row: Row) -> dict[str, Any]:
        """Return what the row's template shows beside its fields."""
        return {}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= {"subtitle": self.name_of(obj), "object_actions": self._offered(request, obj)}
            context |= self.sections(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.action_view)
        return [
            path("<path:object_id>/act/<slug:name>/", view, name=self._url_name("act").removeprefix("admin:")),
            *super().get_urls(),
        ]

    def action_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask for the reason, then do it."""
        row = self.get_object(request, unquote(object_id))
        action = next((action for action in self.object_actions if action.name == name), None)
        if row is None or action is None:
            raise Http404
        if not self._may(request, action, row):
            raise PermissionDenied
        if (refusal := action.refusal(row)) is not None:
            messages.error(request, refusal)
            return HttpResponseRedirect(self._address(row))
        form = action.form(row, request.POST if request.method == "POST" else None)
        texts = {"title": action.label, "subject": self.name_of(row), "back": self._address(row)}
        if form.is_valid():
            effects = [] if CONFIRMED in request.POST else _effects(action, row, form)
            if effects:
                carried = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
                return self.form_page(request, form, effects=effects, carried=[*carried, (CONFIRMED, "yes")], **texts)
            if form.is_valid() and _was_tried(action, request, row, form):
                return HttpResponseRedirect(self._address(row))
        return self.form_page(request, form, explanation=action.explained(row), **texts)

    def form_page(self, request: HttpRequest, form: ReasonForm, **context: Any) -> TemplateResponse:
        """Return a form on its own page, in the admin's look."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "media": self.media}
        return TemplateResponse(request, "staff/action.html", whole | context)

    def _offered(self, request: HttpRequest, row: Row) -> list[dict[str, str]]:
        return [
            {"label": action.label, "url": reverse(self._url_name("act"), args=(quote(row.pk), action.name))}
            for action in self.object_actions
            if self._may(request, action, row) and action.refusal(row) is None
        ]

    def _may(self, request: HttpRequest, action: ObjectAction[Any], row: Row) -> bool:
        return self.has_view_permission(request, row) and request.user.has_perm(action.permission)

    def _address(self, row: Row) -> str:
        return reverse(self._url_name("change"), args=(quote(row.pk),))

    def _url_name(self, view: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"


def _effects(action: ObjectAction[Row], row: Row, form: ReasonForm) -> list[str]:
    """Return the effects that staff must confirm; a refusal becomes an error of the form."""
    try:
        return action.confirmation(row, form.cleaned_data)
    except ActionRefused as exc:
        form.add_error(None, str(exc))
        return []


def _was_tried(action: ObjectAction[Row], request: HttpRequest, row: Row, form: ReasonForm) -> bool:
    """Perform the action and show its result. Returns False when it was refused, with the refusal in the form."""
    try:
        messages.success(request, action.perform(staff=request.user, row=row, data=form.cleaned_data))
    except ActionUnfinished as exc:
        messages.warning(request, str(exc))
    except ActionRefused as exc:
        form.add_error(None, str(exc))
        return False
    return True


def link_to(row: Model, text: object = None) -> SafeString:
    """Return a link to the row's admin page."""
    return link_to_page(f"{row._meta.app_label}_{row._meta.model_name}_change", row.pk, row if text is None else text)


def link_to_list(table: str, lookup: str, row: Model, text: object) -> SafeString:
    """Return a link to the list of a table (`app_model`), filtered by the row."""
    address = reverse(f"admin:{table}_changelist", query={lookup: row.pk})
    return format_html('<a href="{}">{}</a>', address, text)


def link_to_page(name: str, pk: int | str | UUID, text: object) -> SafeString:
    """Return a link to a page by its name alone, for a model that belongs to another app."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}", args=(quote(pk),)), text)
