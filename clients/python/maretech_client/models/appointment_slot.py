from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AppointmentSlot")


@_attrs_define
class AppointmentSlot:
    """
    Attributes:
        slot_id (UUID):
        starts_at (datetime.datetime):
        ends_at (datetime.datetime):
        place_id (UUID):
        place (str):
        price_minor (int): In the smallest unit of the currency.
        currency (str):
    """

    slot_id: UUID
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place_id: UUID
    place: str
    price_minor: int
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        slot_id = str(self.slot_id)

        starts_at = self.starts_at.isoformat()

        ends_at = self.ends_at.isoformat()

        place_id = str(self.place_id)

        place = self.place

        price_minor = self.price_minor

        currency = self.currency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "slot_id": slot_id,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "place_id": place_id,
                "place": place,
                "price_minor": price_minor,
                "currency": currency,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        slot_id = UUID(d.pop("slot_id"))

        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))

        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))

        place_id = UUID(d.pop("place_id"))

        place = d.pop("place")

        price_minor = d.pop("price_minor")

        currency = d.pop("currency")

        appointment_slot = cls(
            slot_id=slot_id,
            starts_at=starts_at,
            ends_at=ends_at,
            place_id=place_id,
            place=place,
            price_minor=price_minor,
            currency=currency,
        )

        appointment_slot.additional_properties = d
        return appointment_slot

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
