"""Surveyors as owners find them, and as staff keep them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Avg, Count, Q, QuerySet

from accounts.models import Owner, User
from billing.payees.register import register_payee
from inspections.vocabulary import Mode
from maretech.common.http.errors import NotFound
from maretech.common.text import composed
from notifications.recipients.quiet_hours import known_zones
from surveys.errors import NotASurveyor
from surveys.models import Place, Surveyor, surveyor_of
from surveys.vocabulary import ReviewState

_LISTS: Final = ("regions", "qualifications", "languages")
_PAYEE: Final = "This user is a payee already, with {value}: enter the same, or change the payee first."
_VISIBLE: Final = Q(reviews__state=ReviewState.VISIBLE)


def listed_surveyors(*, region: str = "", mode: str = "") -> QuerySet[Surveyor]:
    """Return the listed surveyors with their rating: of a region, whatever its case, and of a mode."""
    found = Surveyor.objects.filter(is_listed=True)
    if mode:
        found = _with_word(found, "modes", mode)
    if region:
        ids = [pk for pk, regions in found.values_list("pk", "regions") if _names(regions, region)]
        found = found.filter(pk__in=ids)
    return with_rating(found)


def with_rating(rows: QuerySet[Surveyor]) -> QuerySet[Surveyor]:
    """Annotate the mean of the visible reviews, None without one, and their number."""
    return rows.annotate(rating=Avg("reviews__rating", filter=_VISIBLE), rating_count=Count("reviews", filter=_VISIBLE))


def listed_surveyor(surveyor_id: UUID) -> Surveyor:
    """Return a listed surveyor with the rating. Raises `NotFound`."""
    found = with_rating(Surveyor.objects.filter(is_listed=True, pk=surveyor_id)).first()
    if found is None:
        raise NotFound
    return found


def require_surveyor(user: Owner) -> Surveyor:
    """Return the surveyor that the user is. Raises `NotASurveyor`."""
    surveyor = surveyor_of(user)
    if surveyor is None:
        raise NotASurveyor
    return surveyor


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What owners see of a surveyor."""

    name: str
    modes: Collection[str]
    regions: Collection[str] = ()
    qualifications: Collection[str] = ()
    languages: Collection[str] = ()


@transaction.atomic
def register_surveyor(*, user: User, profile: Profile, country: str, currency: str, account_ref: str = "") -> Surveyor:
    """Write the surveyor that a user is from now on, who is paid in this currency.

    A user who is a payee already stays as registered. A country, a currency or an account that differs is refused: the
    currency never changes, and only `change_payee` changes the others, with a staff action of its own. Without an
    account here, the payee keeps the account. Raises Django's `ValidationError`.
    """
    if surveyor_of(user) is not None:
        raise ValidationError({"user": "This user is a surveyor already."})
    payee = register_payee(user=user, country=country, currency=currency, account_ref=account_ref)
    given = {"country": country, "currency": currency, "account_ref": account_ref or payee.account_ref}
    if differing := {name: getattr(payee, name) for name, value in given.items() if getattr(payee, name) != value}:
        raise ValidationError({name: _PAYEE.format(value=value or "none") for name, value in differing.items()})
    return Surveyor.objects.create(user=user, **_columns(profile))


@transaction.atomic
def change_surveyor(surveyor_id: UUID, *, profile: Profile, is_listed: bool) -> dict[str, Any]:
    """Change the profile. Returns the former values of what changed. Raises Django's `ValidationError`."""
    row = Surveyor.objects.select_for_update(no_key=True).get(pk=surveyor_id)
    wanted = {**_columns(profile), "is_listed": is_listed}
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, wanted[name])
    row.save(update_fields=list(before))
    return before


@transaction.atomic
def add_place(surveyor: Surveyor, *, name: str, time_zone: str) -> Place:
    """Add a place of a surveyor, or return the one of this name. Raises Django's `ValidationError`."""
    if time_zone not in known_zones():
        raise ValidationError({"time_zone": "A name such as Europe/Berlin."})
    return Place.objects.get_or_create(surveyor=surveyor, name=composed(name), defaults={"time_zone": time_zone})[0]


def _columns(profile: Profile) -> dict[str, Any]:
    if not profile.modes or not set(profile.modes) <= set(Mode):
        raise ValidationError({"modes": "At least one mode."})
    lists = {name: [composed(each) for each in getattr(profile, name)] for name in _LISTS}
    modes = [str(mode) for mode in Mode if mode in profile.modes]
    return {"name": composed(profile.name), "modes": modes, **lists}


def _names(regions: Collection[str], region: str) -> bool:
    wanted = composed(region).casefold()
    return any(wanted in each.casefold() for each in regions)


def _with_word(rows: QuerySet[Surveyor], column: str, word: str) -> QuerySet[Surveyor]:
    """Return the rows with this word, of a closed list, in their list. SQLite cannot look into a list."""
    if connection.features.supports_json_field_contains:
        return rows.filter(**{f"{column}__contains": [word]})
    return rows.filter(**{f"{column}__icontains": f'"{word}"'})
