"""Erase and export vessels and handovers as part of a person's data.

A handover belongs to both parties: its row stays for the other one, without what the erased one typed.
"""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from vessels.handovers.departures import settle_handovers_of
from vessels.models import OPEN, Handover, HandoverCode, HandoverEvent, Vessel
from vessels.uses import uses
from vessels.vocabulary import Party

_INPUT: Final = (
    "name",
    "hull_material",
    "length_m",
    "built_year",
    "hull_id",
    "home_port",
    "created_at",
    "archived_at",
)
_HANDOVER: Final = (
    *("vessel_id", "vessel_name", "credits", "status", "created_at", "expires_at", "ended_at", "completed_at"),
    *("disputed_at", "disputed_by", "decided_at"),
)


def count(subject: DataSubject) -> Counts:
    return {"vessels": _of(subject.id).count(), "handovers to blank": _as_seller(subject.id).count()}


def settle(subject: DataSubject) -> None:
    settle_handovers_of(subject.id)


@transaction.atomic
def erase(subject: DataSubject) -> None:
    """Delete the vessels, even while inspections of them are not erased yet. Locks in the same order as openings do."""
    entitlements.lock(subject.id)
    for use in uses():
        use.forget_owner(subject.id)
    _of(subject.id).delete()
    _as_seller(subject.id).update(vessel_name="", to_email="", former_details={})
    # An open offer to an address that this account never proved is still the seller's: it may have another reader.
    typed = Handover.objects.filter(Q(buyer=subject.id) | Q(to_email=subject.email))
    typed.exclude(buyer=None, status__in=OPEN).update(to_email="")
    for column, party in (("seller", Party.SELLER), ("buyer", Party.BUYER)):
        Handover.objects.filter(**{column: subject.id}, disputed_by=party).update(dispute_reason="")


def export(user: User, archive: Archive) -> None:
    if rows := [_vessel(row) for row in _of(user.pk).order_by("created_at", "id")]:
        archive.json("vessels/vessels.json", rows)
    if handovers := [_handover(row, user) for row in Handover.objects.of(user).order_by("created_at", "id")]:
        archive.json("vessels/handovers.json", handovers)


def _of(owner_id: UUID) -> QuerySet[Vessel]:
    return Vessel.objects.owned_by(owner_id)


def _vessel(row: Vessel) -> dict[str, Any]:
    return {"vessel_id": row.pk, **{name: getattr(row, name) for name in _INPUT}}


def _handover(row: Handover, user: User) -> dict[str, Any]:
    party = row.party_of(user)
    typed = {"to_email": row.to_email} if party == Party.SELLER else {}
    if row.disputed_by == party:
        typed["dispute_reason"] = row.dispute_reason
    return {"handover_id": row.pk, "role": party, **{name: getattr(row, name) for name in _HANDOVER}, **typed}


def _as_seller(owner_id: UUID) -> QuerySet[Handover]:
    return Handover.objects.filter(seller=owner_id)


PERSONAL_DATA: Final = PersonalData(
    app="vessels",
    erased=(Vessel, HandoverCode),
    retained={
        Handover: {
            "vessel_name": "blanked when the seller is erased",
            "to_email": "blanked when either party is erased, and some time after the end",
            "dispute_reason": "blanked when the party that gave it is erased",
            "moved": "ids of ours",
            "former_details": "blanked when the seller is erased, and some time after the end",
        },
        HandoverEvent: {"cause": "fixed words of the code"},
    },
    settle=settle,
    count=count,
    erase=erase,
    export=export,
)
