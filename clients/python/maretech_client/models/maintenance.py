from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.maintenance_kind_enum import MaintenanceKindEnum

T = TypeVar("T", bound="Maintenance")


@_attrs_define
class Maintenance:
    """
    Attributes:
        maintenance_id (UUID):
        vessel_id (UUID):
        vessel_label (str):
        kind (MaintenanceKindEnum): * `anodes` - Anodes replaced
        performed_on (datetime.date):
        points (list[int]): Numbers of the points; empty or missing: the whole vessel.
        note (str):
        created_at (datetime.datetime):
    """

    maintenance_id: UUID
    vessel_id: UUID
    vessel_label: str
    kind: MaintenanceKindEnum
    performed_on: datetime.date
    points: list[int]
    note: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        maintenance_id = str(self.maintenance_id)

        vessel_id = str(self.vessel_id)

        vessel_label = self.vessel_label

        kind = self.kind.value

        performed_on = self.performed_on.isoformat()

        points = self.points

        note = self.note

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "maintenance_id": maintenance_id,
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
                "kind": kind,
                "performed_on": performed_on,
                "points": points,
                "note": note,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        maintenance_id = UUID(d.pop("maintenance_id"))

        vessel_id = UUID(d.pop("vessel_id"))

        vessel_label = d.pop("vessel_label")

        kind = MaintenanceKindEnum(d.pop("kind"))

        performed_on = datetime.date.fromisoformat(d.pop("performed_on"))

        points = cast(list[int], d.pop("points"))

        note = d.pop("note")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        maintenance = cls(
            maintenance_id=maintenance_id,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            kind=kind,
            performed_on=performed_on,
            points=points,
            note=note,
            created_at=created_at,
        )

        maintenance.additional_properties = d
        return maintenance

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
