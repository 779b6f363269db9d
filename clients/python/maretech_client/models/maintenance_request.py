from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.maintenance_kind_enum import MaintenanceKindEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="MaintenanceRequest")


@_attrs_define
class MaintenanceRequest:
    """Names one vessel.

    Attributes:
        kind (MaintenanceKindEnum): * `anodes` - Anodes replaced
        performed_on (datetime.date): Not in the future, by the owner's time zone.
        vessel_id (UUID | Unset):
        vessel_label (str | Unset): In place of `vessel_id`: the name of one of the owner's vessels.
        points (list[int] | Unset): Numbers of the points; empty or missing: the whole vessel.
        note (str | Unset):  Default: ''.
    """

    kind: MaintenanceKindEnum
    performed_on: datetime.date
    vessel_id: UUID | Unset = UNSET
    vessel_label: str | Unset = UNSET
    points: list[int] | Unset = UNSET
    note: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        performed_on = self.performed_on.isoformat()

        vessel_id: str | Unset = UNSET
        if not isinstance(self.vessel_id, Unset):
            vessel_id = str(self.vessel_id)

        vessel_label = self.vessel_label

        points: list[int] | Unset = UNSET
        if not isinstance(self.points, Unset):
            points = self.points

        note = self.note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "performed_on": performed_on,
            }
        )
        if vessel_id is not UNSET:
            field_dict["vessel_id"] = vessel_id
        if vessel_label is not UNSET:
            field_dict["vessel_label"] = vessel_label
        if points is not UNSET:
            field_dict["points"] = points
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = MaintenanceKindEnum(d.pop("kind"))

        performed_on = datetime.date.fromisoformat(d.pop("performed_on"))

        _vessel_id = d.pop("vessel_id", UNSET)
        vessel_id: UUID | Unset
        if isinstance(_vessel_id, Unset):
            vessel_id = UNSET
        else:
            vessel_id = UUID(_vessel_id)

        vessel_label = d.pop("vessel_label", UNSET)

        points = cast(list[int], d.pop("points", UNSET))

        note = d.pop("note", UNSET)

        maintenance_request = cls(
            kind=kind,
            performed_on=performed_on,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            points=points,
            note=note,
        )

        maintenance_request.additional_properties = d
        return maintenance_request

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
