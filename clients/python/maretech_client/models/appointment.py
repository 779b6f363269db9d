from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.appointment_party_enum import AppointmentPartyEnum
from ..models.appointment_status_enum import AppointmentStatusEnum

T = TypeVar("T", bound="Appointment")


@_attrs_define
class Appointment:
    """An appointment as one of its parties sees it. The context has that party as `user`.

    Attributes:
        appointment_id (UUID):
        role (AppointmentPartyEnum):
        status (AppointmentStatusEnum):
        surveyor_id (UUID):
        surveyor_name (str):
        slot_id (UUID):
        starts_at (datetime.datetime):
        ends_at (datetime.datetime):
        place_id (UUID):
        place (str):
        price_minor (int):
        currency (str):
        dossier_id (None | UUID): The attached dossier.
        order_id (None | UUID): Its order; null for the surveyor, and before a checkout.
        created_at (datetime.datetime):
        held_until (datetime.datetime):
        confirmed_at (datetime.datetime | None):
        checked_in_at (datetime.datetime | None):
        ended_at (datetime.datetime | None):
        cancelled_by (AppointmentPartyEnum | None):
        refund_minor (int | None): What the owner gets back, once it is cancelled or its dispute is decided.
        free_cancellation_until (datetime.datetime): Until then the owner gets all back.
        dispute_id (None | UUID):
    """

    appointment_id: UUID
    role: AppointmentPartyEnum
    status: AppointmentStatusEnum
    surveyor_id: UUID
    surveyor_name: str
    slot_id: UUID
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place_id: UUID
    place: str
    price_minor: int
    currency: str
    dossier_id: None | UUID
    order_id: None | UUID
    created_at: datetime.datetime
    held_until: datetime.datetime
    confirmed_at: datetime.datetime | None
    checked_in_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    cancelled_by: AppointmentPartyEnum | None
    refund_minor: int | None
    free_cancellation_until: datetime.datetime
    dispute_id: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        appointment_id = str(self.appointment_id)

        role = self.role.value

        status = self.status.value

        surveyor_id = str(self.surveyor_id)

        surveyor_name = self.surveyor_name

        slot_id = str(self.slot_id)

        starts_at = self.starts_at.isoformat()

        ends_at = self.ends_at.isoformat()

        place_id = str(self.place_id)

        place = self.place

        price_minor = self.price_minor

        currency = self.currency

        dossier_id: None | str
        if isinstance(self.dossier_id, UUID):
            dossier_id = str(self.dossier_id)
        else:
            dossier_id = self.dossier_id

        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        created_at = self.created_at.isoformat()

        held_until = self.held_until.isoformat()

        confirmed_at: None | str
        if isinstance(self.confirmed_at, datetime.datetime):
            confirmed_at = self.confirmed_at.isoformat()
        else:
            confirmed_at = self.confirmed_at

        checked_in_at: None | str
        if isinstance(self.checked_in_at, datetime.datetime):
            checked_in_at = self.checked_in_at.isoformat()
        else:
            checked_in_at = self.checked_in_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        cancelled_by: None | str
        if isinstance(self.cancelled_by, AppointmentPartyEnum):
            cancelled_by = self.cancelled_by.value
        else:
            cancelled_by = self.cancelled_by

        refund_minor: int | None
        refund_minor = self.refund_minor

        free_cancellation_until = self.free_cancellation_until.isoformat()

        dispute_id: None | str
        if isinstance(self.dispute_id, UUID):
            dispute_id = str(self.dispute_id)
        else:
            dispute_id = self.dispute_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "appointment_id": appointment_id,
                "role": role,
                "status": status,
                "surveyor_id": surveyor_id,
                "surveyor_name": surveyor_name,
                "slot_id": slot_id,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "place_id": place_id,
                "place": place,
                "price_minor": price_minor,
                "currency": currency,
                "dossier_id": dossier_id,
                "order_id": order_id,
                "created_at": created_at,
                "held_until": held_until,
                "confirmed_at": confirmed_at,
                "checked_in_at": checked_in_at,
                "ended_at": ended_at,
                "cancelled_by": cancelled_by,
                "refund_minor": refund_minor,
                "free_cancellation_until": free_cancellation_until,
                "dispute_id": dispute_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        appointment_id = UUID(d.pop("appointment_id"))

        role = AppointmentPartyEnum(d.pop("role"))

        status = AppointmentStatusEnum(d.pop("status"))

        surveyor_id = UUID(d.pop("surveyor_id"))

        surveyor_name = d.pop("surveyor_name")

        slot_id = UUID(d.pop("slot_id"))

        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))

        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))

        place_id = UUID(d.pop("place_id"))

        place = d.pop("place")

        price_minor = d.pop("price_minor")

        currency = d.pop("currency")

        def _parse_dossier_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                dossier_id_type_0 = UUID(data)

                return dossier_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        dossier_id = _parse_dossier_id(d.pop("dossier_id"))

        def _parse_order_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                order_id_type_0 = UUID(data)

                return order_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        order_id = _parse_order_id(d.pop("order_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        held_until = datetime.datetime.fromisoformat(d.pop("held_until"))

        def _parse_confirmed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                confirmed_at_type_0 = datetime.datetime.fromisoformat(data)

                return confirmed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        confirmed_at = _parse_confirmed_at(d.pop("confirmed_at"))

        def _parse_checked_in_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                checked_in_at_type_0 = datetime.datetime.fromisoformat(data)

                return checked_in_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        checked_in_at = _parse_checked_in_at(d.pop("checked_in_at"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        def _parse_cancelled_by(data: object) -> AppointmentPartyEnum | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancelled_by_type_0 = AppointmentPartyEnum(data)

                return cancelled_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AppointmentPartyEnum | None, data)

        cancelled_by = _parse_cancelled_by(d.pop("cancelled_by"))

        def _parse_refund_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        refund_minor = _parse_refund_minor(d.pop("refund_minor"))

        free_cancellation_until = datetime.datetime.fromisoformat(d.pop("free_cancellation_until"))

        def _parse_dispute_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                dispute_id_type_0 = UUID(data)

                return dispute_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        dispute_id = _parse_dispute_id(d.pop("dispute_id"))

        appointment = cls(
            appointment_id=appointment_id,
            role=role,
            status=status,
            surveyor_id=surveyor_id,
            surveyor_name=surveyor_name,
            slot_id=slot_id,
            starts_at=starts_at,
            ends_at=ends_at,
            place_id=place_id,
            place=place,
            price_minor=price_minor,
            currency=currency,
            dossier_id=dossier_id,
            order_id=order_id,
            created_at=created_at,
            held_until=held_until,
            confirmed_at=confirmed_at,
            checked_in_at=checked_in_at,
            ended_at=ended_at,
            cancelled_by=cancelled_by,
            refund_minor=refund_minor,
            free_cancellation_until=free_cancellation_until,
            dispute_id=dispute_id,
        )

        appointment.additional_properties = d
        return appointment

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
