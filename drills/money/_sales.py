"""Sales of vessels: a seller with a history, a buyer with credits, their mails, and what must be true at the end."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import Order
from billing.vocabulary import ProductCode, Provider
from corrosion.models import Comparison, Maintenance
from corrosion.vocabulary import ComparisonState
from dossiers.models import Dossier
from dossiers.shares.changes import open_share
from drills.harness.api_client import NO_ANSWER, Answer, Caller, call
from drills.harness.sample_inspections import signed_in
from inspections.models import Inspection
from maretech.common.storage import object_store
from testing.dossiers import eligible_inspection, final_of
from testing.factories import AssetFactory, SlotFactory, VesselFactory
from vessels.handovers.codes import is_right
from vessels.handovers.confirmation import confirm_handover
from vessels.models import Handover, HandoverCode, Vessel
from vessels.vocabulary import HandoverStatus, Party

SOLD: Final = frozenset({HandoverStatus.COMPLETED, HandoverStatus.DISPUTED})
PAST_REFUND: Final = timedelta(days=30)
PATIENCE_SECONDS: Final = 150.0


@dataclass
class Mailbox:
    """The folder in which the file backend keeps each mail."""

    folder: Path
    read: dict[str, int] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)

    def codes_of(self, email: str) -> set[str]:
        """Return every code that was ever mailed to the address."""
        for path in self.folder.iterdir():
            # It grows while a worker writes it, and when a later mail gets the same name: a second and an address.
            size = path.stat().st_size
            if self.read.get(path.name) != size:
                self.read[path.name] = size
                self._sort(path.read_bytes())
        return self.codes.get(email, set())

    def _sort(self, content: bytes) -> None:
        """Note the codes of a file, which may hold several mails."""
        for part in content.split(b"-" * 79):
            mail = message_from_bytes(part.strip(), policy=policy.default)
            body = mail.get_body(("plain",)) if mail["To"] else None
            if body is not None:
                found = re.findall(r"\b\d{6}\b", body.get_content())
                self.codes.setdefault(mail["To"].addresses[0].addr_spec, set()).update(found)


@dataclass
class Sale:
    """One vessel that one person sells to another, and every answer to a confirmation."""

    seller: User
    buyer: User
    base_url: str
    mailbox: Mailbox
    price: int
    bought: dict[UUID, int]
    vessel_id: UUID
    inspection_ids: list[UUID]
    maintenance_id: UUID
    comparison_id: int
    dossier_id: UUID
    keys: set[str]
    handover_id: UUID | None = None
    answers: list[tuple[Party, Answer]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @cached_property
    def callers(self) -> dict[Party, Caller]:
        return {Party.SELLER: signed_in(self.seller, self.base_url), Party.BUYER: signed_in(self.buyer, self.base_url)}

    @property
    def offered_id(self) -> UUID:
        assert self.handover_id is not None
        return self.handover_id

    @property
    def row(self) -> Handover:
        return Handover.objects.get(pk=self.offered_id)

    def code_row(self, party: Party) -> HandoverCode:
        return HandoverCode.objects.get(handover=self.handover_id, party=party)

    def offer(self) -> None:
        body = {"to_email": self.buyer.email, "credits": self.price}
        answer = self.callers[Party.SELLER].post(f"/vessels/{self.vessel_id}/handovers", body)
        self.handover_id = UUID(answer.body["handover_id"])

    def code(self, party: Party) -> str:
        """Return the code that counts among those that the party has got by mail; \"\" if there is none."""
        reader = self.seller if party == Party.SELLER else self.buyer
        row = self.code_row(party)
        return next((code for code in self.mailbox.codes_of(reader.email) if is_right(row, code)), "")

    def wrong_code(self) -> str:
        used = {self.code(party) for party in Party}
        return next(code for code in ("000000", "111111", "222222") if code not in used)

    def confirm(self, party: Party, code: str = "", *, through: tuple[str, ...] = ()) -> Answer:
        answer = self.send(party, "confirm", {"code": code or self.code(party)}, through=through)
        self.answers.append((party, answer))
        return answer

    def confirm_here(self, party: Party, code: str = "") -> None:
        """Confirm in this process, which may fork: no thread of a server that this process runs is at work."""
        who = self.seller if party == Party.SELLER else self.buyer
        try:
            confirm_handover(user=who, handover_id=self.offered_id, code=code or self.code(party))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            self.faults.append(f"the {party} cannot confirm: {type(error).__name__}")
        else:
            self.answers.append((party, Answer(200, {"status": self.row.status})))

    def send(self, party: Party, act: str, body: object = None, *, through: tuple[str, ...] = ()) -> Answer:
        """Send it, and repeat it as a phone does while there is no answer; through one process after the other."""
        addresses = (*through, self.base_url)
        deadline, number = time.monotonic() + PATIENCE_SECONDS, 0
        while True:
            to = addresses[min(number, len(addresses) - 1)]
            answer = self.callers[party].post(f"/handovers/{self.handover_id}/{act}", body, base_url=to)
            if answer.status not in (NO_ANSWER, 503) or time.monotonic() > deadline:
                break
            number += 1
            time.sleep(0.2)
        if answer.status >= 500 or answer.status == NO_ANSWER:
            self.faults.append(f"{act} of the {party} got {answer.status}")
        return answer

    def expect(self, answer: Answer, status: int, reason: str = "") -> None:
        if answer.status != status or reason not in str(answer.body):
            self.faults.append(f"{answer.status} and not {status} {reason}".rstrip())

    def expect_end(self, *statuses: HandoverStatus) -> None:
        if self.row.status not in statuses:
            self.faults.append(f"{self.row.status} and not {' or '.join(statuses)}")

    # --- what must be true -------------------------------------------------------------------------------------------
    def look_over(self, *, erased: User | None = None) -> None:
        """Note everything that is lost, doubled or half moved."""
        self.faults += self._unkept_answers()
        owner = self.buyer if self.row.status in SOLD else self.seller
        self.faults += self._of_erased(owner) if owner == erased else self._of_owner(owner, erased)

    def _unkept_answers(self) -> Iterator[str]:
        """Yield each answer that said more than what is true."""
        row = self.row
        for party, answer in self.answers:
            if answer.status != 200:
                continue
            if answer.body["status"] == "completed" and row.completed_at is None:
                yield "an acknowledged completion is lost"
            if not HandoverCode.objects.filter(handover=row, party=party, used_at__isnull=False).exists():
                yield f"an acknowledged code of the {party} is lost"
        both = HandoverCode.objects.filter(handover=row, used_at__isnull=False).count() == len(Party)
        if both and row.status in ("initiated", "pending_codes"):
            yield "both codes are entered, and it is not completed"

    def _of_owner(self, owner: User, erased: User | None) -> Iterator[str]:
        is_sold = owner == self.buyer
        if list(Vessel.objects.filter(pk=self.vessel_id).values_list("owner", flat=True)) != [owner.pk]:
            yield "the vessel has another owner"
        rows = Inspection.objects.filter(pk__in=self.inspection_ids, owner=owner, vessel=self.vessel_id)
        if rows.count() != len(self.inspection_ids):
            yield "an inspection has another owner"
        if not Maintenance.objects.filter(pk=self.maintenance_id, vessel=self.vessel_id).exists():
            yield "maintenance is lost"
        if not Comparison.objects.filter(pk=self.comparison_id).exists():
            yield "a comparison is lost"
        if erased != self.seller:
            yield from self._of_dossier(is_sold)
            yield from (f"an object is lost: {key}" for key in self.keys if object_store().head(key) is None)
        if erased is None:
            yield from self._of_credits(is_sold)

    def _of_dossier(self, is_sold: bool) -> Iterator[str]:  # noqa: FBT001 - of whom it is
        dossier = Dossier.objects.get(pk=self.dossier_id)
        if dossier.owner_id != self.seller.pk:
            yield "the dossier has another owner"
        if (dossier.vessel_id is None) is not is_sold:
            yield "the dossier has the wrong vessel"
        if is_sold and dossier.shares.filter(revoked_at=None).exists():
            yield "a link to the dossier still works"

    def _of_credits(self, is_sold: bool) -> Iterator[str]:  # noqa: FBT001
        moved = self.price if is_sold else 0
        for who, change in ((self.seller, moved), (self.buyer, -moved)):
            if inspection_credits.balance_of(who.pk).available != self.bought[who.pk] + change:
                yield "credits are wrong"

    def _of_erased(self, owner: User) -> Iterator[str]:
        if Vessel.objects.filter(pk=self.vessel_id).exclude(owner=owner).exists():
            yield "the vessel has another owner"
        if Inspection.objects.filter(pk__in=self.inspection_ids).exclude(owner=owner).exists():
            yield "an inspection has another owner"

    def seen_by(self, who: Caller) -> list[str]:
        """Return what this caller can reach of the sale, although it belongs to others."""
        return [path for path in self._paths() if call(self.base_url, "GET", path, token=who.token).status != 404] + [
            f"POST {act}"
            for act, body in (("confirm", {"code": "000000"}), ("cancel", None), ("dispute", {"reason": "because"}))
            if who.post(f"/handovers/{self.handover_id}/{act}", body).status != 404
        ]

    def look_through_the_api(self, *, erased: User | None = None) -> None:
        """Note what the owner does not see, and what the other party sees of the vessel."""
        is_sold = self.row.status in SOLD
        parties = {Party.BUYER: self.buyer, Party.SELLER: self.seller}
        owner, other = (Party.BUYER, Party.SELLER) if is_sold else (Party.SELLER, Party.BUYER)
        for party, expected in ((owner, 200), (other, 404)):
            if parties[party] != erased:
                self.faults += [
                    f"the {party} gets {status} of what belongs to the {owner}"
                    for path in self._paths()[: 2 + len(self.inspection_ids)]
                    if (status := self.get(party, path)) != expected
                ]

    def get(self, party: Party, path: str) -> int:
        return call(self.base_url, "GET", path, token=self.callers[party].token).status

    def _paths(self) -> list[str]:
        """Return the vessel and its inspections, and then what each party keeps."""
        inspections = [f"/inspections/{pk}" for pk in self.inspection_ids]
        history = [f"/vessels/{self.vessel_id}", *inspections, f"{inspections[0]}/result"]
        return [*history, f"/handovers/{self.handover_id}", f"/dossiers/{self.dossier_id}"]


def sale(base_url: str, mailbox: Mailbox, *, price: int, credits: int | None = None) -> Sale:
    """Create both parties, and the vessel with two inspections, photos, maintenance, a comparison and a dossier.

    The buyer has the price in credits, or `credits`, past their refund window.
    """
    seller, buyer = _person(), _person()
    bought = {seller.pk: 0, buyer.pk: 0}
    vessel = VesselFactory.create(owner=seller)
    inspections = [eligible_inspection(seller, vessel=vessel, vessel_label=vessel.name) for _ in range(2)]
    keys = {_photographed(each) for each in inspections}
    comparison = Comparison.objects.create(
        before=inspections[0],
        after=inspections[1],
        rule_version="drill",
        state=ComparisonState.DONE,
        comparable=False,
        computed_at=timezone.now(),
    )
    maintenance = Maintenance.objects.create(vessel=vessel, kind="painted", performed_on="2026-05-01")
    dossier = final_of(seller, inspections[0])
    open_share(dossier, days=1)
    made = Sale(
        seller,
        buyer,
        base_url,
        mailbox,
        price,
        bought,
        vessel.pk,
        [each.pk for each in inspections],
        maintenance.pk,
        comparison.pk,
        dossier.pk,
        keys | {dossier.pdf_uri},
    )
    for _ in range(price if credits is None else credits):
        buy(made)
    return made


@transaction.atomic
def buy(to: Sale, *, ago: timedelta = PAST_REFUND) -> Order:
    """Buy the buyer a credit."""
    entitlements.lock(to.buyer)
    purchase = orders.Purchase(Provider.MOCK, uuid4().hex, ProductCode.OSMOSIS_INSPECTION)
    order = orders.record_purchase(owner=to.buyer, purchase=purchase, cause="drill")
    assert order is not None
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - ago)
    to.bought[to.buyer.pk] += 1
    return order


def _person() -> User:
    return User.objects.create(
        email=f"{uuid4().hex}@example.org",
        password="!",  # noqa: S106 - none at all
        email_verified_at=timezone.now(),
    )


def _photographed(inspection: Inspection) -> str:
    """Give the inspection a photo in the store; return its key."""
    asset: Any = AssetFactory.create(slot=SlotFactory.create(inspection=inspection), frozen=True)
    object_store().write(asset.evidence_uri, b"a photo", content_type="image/jpeg")
    return str(asset.evidence_uri)
