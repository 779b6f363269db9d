"""The kinds of notifications: recipients, channels and rules. docs/notifications.md shows this table.

A kind becomes wired when something calls `notify` with it; from then on it has words in every locale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from notifications.vocabulary import Audience, Channel, KindName

OSMOSIS: Final = "osmosis"
CORROSION: Final = "corrosion"
MODES: Final = (OSMOSIS, CORROSION)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of notification.

    `channels` are its channels, and whether each is on by default; the app always shows it. `variants` have words of
    their own: the mode of an inspection, or the event of an account. `data` names its ids. After `stale_after` it is
    not sent any more.

    A kind that `is_repeated` is sent again if it is unknown whether it arrived: a loss does more harm.
    """

    name: KindName
    area: str
    audiences: tuple[Audience, ...] = (Audience.OWNER,)
    channels: Mapping[Channel, bool]
    variants: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    stale_after: timedelta
    ignores_quiet_hours: bool = False
    can_be_switched_off: bool = True
    is_repeated: bool = False
    is_wired: bool = False

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that it belongs to; empty for a kind of both, which has no word of either."""
        return tuple(variant for variant in self.variants if variant in MODES)

    @property
    def is_for_staff(self) -> bool:
        return Audience.STAFF in self.audiences


_APP: Final = {Channel.IN_APP: True}
_PUSH: Final = {**_APP, Channel.PUSH: True, Channel.EMAIL: False}
_MAIL: Final = {**_APP, Channel.PUSH: False, Channel.EMAIL: True}
_BOTH: Final = {**_APP, Channel.PUSH: True, Channel.EMAIL: True}
_OFF: Final = {**_APP, Channel.PUSH: False, Channel.EMAIL: False}
_OPS: Final = {Channel.OPS: True}
_SURVEYOR: Final = (Audience.SURVEYOR,)
_OWNERS_AND_SURVEYORS: Final = (Audience.OWNER, Audience.SURVEYOR)


def _for_staff(name: KindName, *, data: tuple[str, ...]) -> Kind:
    return Kind(
        name=name,
        area="staff",
        audiences=(Audience.STAFF,),
        channels=_OPS,
        data=data,
        stale_after=7 * _DAY,
        ignores_quiet_hours=True,
        can_be_switched_off=False,
        is_repeated=True,
        is_wired=True,
    )


_TABLE: Final = (
    Kind(
        name=KindName.RESULT_READY,
        area="inspections",
        channels=_BOTH,
        variants=MODES,
        data=("inspection_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.INSPECTION_FAILED,
        area="inspections",
        channels=_BOTH,
        variants=MODES,
        data=("inspection_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.PHOTOS_TO_RETAKE,
        area="inspections",
        channels=_PUSH,
        variants=MODES,
        data=("inspection_id", "slot_id"),
        stale_after=2 * _HOUR,  # the owner has left the hull by then; the app still shows it
        is_wired=True,
    ),
    Kind(
        name=KindName.INSPECTION_EXPIRING,
        area="inspections",
        channels=_PUSH,
        variants=MODES,
        data=("inspection_id",),
        stale_after=_DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.CREDIT_RETURNED,
        area="payments",
        channels=_OFF,
        variants=(OSMOSIS,),
        data=("inspection_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.PAYMENT_RECEIVED,
        area="payments",
        channels=_MAIL,
        data=("order_id",),
        stale_after=7 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.PAYMENT_REFUNDED,
        area="payments",
        channels=_MAIL,
        data=("order_id",),
        stale_after=7 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.SUBSCRIPTION_ENDING,
        area="payments",
        channels=_MAIL,
        variants=(CORROSION,),
        data=("subscription_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.SUBSCRIPTION_LAPSED,
        area="payments",
        channels=_BOTH,
        variants=(CORROSION,),
        data=("subscription_id",),
        stale_after=7 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.RECHECK_DUE,
        area="reminders",
        channels=_BOTH,
        variants=(CORROSION,),
        data=("vessel_id",),
        stale_after=7 * _DAY,
        is_wired=True,
    ),
    Kind(
        name=KindName.LIFT_OUT_SOON,
        area="reminders",
        channels=_PUSH,
        variants=(OSMOSIS,),
        data=("vessel_id",),
        stale_after=3 * _HOUR,  # an hour ahead, and the first two hours ashore
        ignores_quiet_hours=True,
        is_wired=True,
    ),
    Kind(
        name=KindName.DOSSIER_READY,
        area="dossiers",
        channels=_BOTH,
        data=("dossier_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    *(
        Kind(name=name, area="dossiers", channels=_BOTH, data=("dossier_id",), stale_after=7 * _DAY, is_wired=True)
        for name in (KindName.DOSSIER_DELIVERED, KindName.DOSSIER_DELIVERY_FAILED)
    ),
    Kind(
        name=KindName.APPOINTMENT_CONFIRMED,
        area="appointments",
        channels=_BOTH,
        data=("appointment_id",),
        stale_after=3 * _DAY,
        is_wired=True,
    ),
    *(
        Kind(
            name=name,
            area="appointments",
            audiences=_OWNERS_AND_SURVEYORS,
            channels=_BOTH,
            data=("appointment_id",),
            stale_after=3 * _DAY,
            is_wired=True,
        )
        for name in (KindName.APPOINTMENT_CANCELLED, KindName.APPOINTMENT_DECIDED)
    ),
    Kind(
        name=KindName.APPOINTMENT_TOMORROW,
        area="appointments",
        channels=_BOTH,
        data=("appointment_id",),
        stale_after=_DAY,
        is_wired=True,
    ),
    *(
        Kind(name=name, area="handovers", channels=_BOTH, data=("handover_id",), stale_after=3 * _DAY, is_wired=True)
        for name in (
            KindName.HANDOVER_OFFERED,
            KindName.HANDOVER_COMPLETED,
            KindName.HANDOVER_DECLINED,
            KindName.HANDOVER_EXPIRED,
            KindName.HANDOVER_DISPUTED,
            KindName.HANDOVER_REVERSED,
        )
    ),
    Kind(
        name=KindName.SECURITY,
        area="account",
        audiences=_OWNERS_AND_SURVEYORS,
        channels=_BOTH,
        variants=("new_sign_in", "password_changed", "address_changed"),
        stale_after=7 * _DAY,
        ignores_quiet_hours=True,
        can_be_switched_off=False,
        is_repeated=True,
        is_wired=True,
    ),
    Kind(
        name=KindName.EMAIL_SWITCHED_OFF,
        area="account",
        audiences=_OWNERS_AND_SURVEYORS,
        channels=_APP,
        stale_after=7 * _DAY,
        is_wired=True,
    ),
    *(
        Kind(
            name=name,
            area="appointments",
            audiences=_SURVEYOR,
            channels=_BOTH,
            data=("appointment_id",),
            stale_after=3 * _DAY,
            is_wired=True,
        )
        for name in (KindName.APPOINTMENT_BOOKED, KindName.APPOINTMENT_DISPUTED)
    ),
    *(
        Kind(
            name=name,
            area="payments",
            audiences=_SURVEYOR,
            channels=_MAIL,
            data=("payout_id",),
            stale_after=7 * _DAY,
            is_wired=True,
        )
        for name in (KindName.PAYOUT_SENT, KindName.PAYOUT_FAILED)
    ),
    _for_staff(KindName.DISPUTE_OPENED, data=("dispute_id",)),
    _for_staff(KindName.DIFFERENCES_FOUND, data=("provider", "day")),
    _for_staff(KindName.WEBHOOK_DEAD_LETTER, data=("event_id",)),
    _for_staff(KindName.ANALYSIS_FAILED, data=("inspection_id",)),
    _for_staff(KindName.SECOND_SUBSCRIPTION, data=("finding_id",)),
    _for_staff(KindName.REFUND_FAILED, data=("order_id",)),
    _for_staff(KindName.BANK_PAYOUT_FAILED, data=("payout_id",)),
    _for_staff(KindName.FOREIGN_STORE, data=("day",)),
    _for_staff(KindName.COMPARISON_GIVEN_UP, data=("comparison_id",)),
    _for_staff(KindName.PAYEE_PAYOUT_FAILED, data=("payout_id",)),
    _for_staff(KindName.HANDOVER_TO_DECIDE, data=("handover_id",)),
    _for_staff(KindName.APPOINTMENT_TO_DECIDE, data=("dispute_id",)),
)
KINDS: Final[Mapping[KindName, Kind]] = {kind.name: kind for kind in _TABLE}
FOR_STAFF: Final = tuple(kind.name.value for kind in _TABLE if kind.is_for_staff)
ALWAYS_ON: Final = tuple(kind.name.value for kind in _TABLE if not kind.can_be_switched_off)
# The channels that an owner may switch on and off.
SWITCHABLE: Final = (Channel.PUSH, Channel.EMAIL)


def kind_of(name: str) -> Kind:
    """Return the kind of that name. Raises `ValueError` for a name that does not exist."""
    return KINDS[KindName(name)]
