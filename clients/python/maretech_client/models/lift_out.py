from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LiftOut")


@_attrs_define
class LiftOut:
    """
    Attributes:
        vessel_id (UUID):
        lifted_out_at (datetime.datetime | None): When the vessel left the water, or is planned to; null if none is
            noted.
        noted_at (datetime.datetime | None): When the owner last changed it.
        notify_at (datetime.datetime | None): When the owner will be notified; null if that is over, or was not asked
            for.
    """

    vessel_id: UUID
    lifted_out_at: datetime.datetime | None
    noted_at: datetime.datetime | None
    notify_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vessel_id = str(self.vessel_id)

        lifted_out_at: None | str
        if isinstance(self.lifted_out_at, datetime.datetime):
            lifted_out_at = self.lifted_out_at.isoformat()
        else:
            lifted_out_at = self.lifted_out_at

        noted_at: None | str
        if isinstance(self.noted_at, datetime.datetime):
            noted_at = self.noted_at.isoformat()
        else:
            noted_at = self.noted_at

        notify_at: None | str
        if isinstance(self.notify_at, datetime.datetime):
            notify_at = self.notify_at.isoformat()
        else:
            notify_at = self.notify_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vessel_id": vessel_id,
                "lifted_out_at": lifted_out_at,
                "noted_at": noted_at,
                "notify_at": notify_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vessel_id = UUID(d.pop("vessel_id"))

        def _parse_lifted_out_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lifted_out_at_type_0 = datetime.datetime.fromisoformat(data)

                return lifted_out_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        lifted_out_at = _parse_lifted_out_at(d.pop("lifted_out_at"))

        def _parse_noted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                noted_at_type_0 = datetime.datetime.fromisoformat(data)

                return noted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        noted_at = _parse_noted_at(d.pop("noted_at"))

        def _parse_notify_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                notify_at_type_0 = datetime.datetime.fromisoformat(data)

                return notify_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        notify_at = _parse_notify_at(d.pop("notify_at"))

        lift_out = cls(
            vessel_id=vessel_id,
            lifted_out_at=lifted_out_at,
            noted_at=noted_at,
            notify_at=notify_at,
        )

        lift_out.additional_properties = d
        return lift_out

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
