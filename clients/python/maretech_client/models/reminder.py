from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Reminder")


@_attrs_define
class Reminder:
    """
    Attributes:
        vessel_id (UUID):
        vessel_label (str):
        interval_days (int):
        enabled (bool):
        due_on (datetime.date | None): By the owner's calendar; null until an inspection of the vessel is completed.
        reminded_at (datetime.datetime | None): When the owner was reminded of this date.
    """

    vessel_id: UUID
    vessel_label: str
    interval_days: int
    enabled: bool
    due_on: datetime.date | None
    reminded_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vessel_id = str(self.vessel_id)

        vessel_label = self.vessel_label

        interval_days = self.interval_days

        enabled = self.enabled

        due_on: None | str
        if isinstance(self.due_on, datetime.date):
            due_on = self.due_on.isoformat()
        else:
            due_on = self.due_on

        reminded_at: None | str
        if isinstance(self.reminded_at, datetime.datetime):
            reminded_at = self.reminded_at.isoformat()
        else:
            reminded_at = self.reminded_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
                "interval_days": interval_days,
                "enabled": enabled,
                "due_on": due_on,
                "reminded_at": reminded_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vessel_id = UUID(d.pop("vessel_id"))

        vessel_label = d.pop("vessel_label")

        interval_days = d.pop("interval_days")

        enabled = d.pop("enabled")

        def _parse_due_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_on_type_0 = datetime.date.fromisoformat(data)

                return due_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        due_on = _parse_due_on(d.pop("due_on"))

        def _parse_reminded_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reminded_at_type_0 = datetime.datetime.fromisoformat(data)

                return reminded_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        reminded_at = _parse_reminded_at(d.pop("reminded_at"))

        reminder = cls(
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            interval_days=interval_days,
            enabled=enabled,
            due_on=due_on,
            reminded_at=reminded_at,
        )

        reminder.additional_properties = d
        return reminder

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
