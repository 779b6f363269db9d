from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hull_material_enum import HullMaterialEnum

if TYPE_CHECKING:
    from ..models.vessel_detail_inspection_counts import VesselDetailInspectionCounts


T = TypeVar("T", bound="VesselDetail")


@_attrs_define
class VesselDetail:
    """
    Attributes:
        vessel_id (UUID):
        name (str): Empty for the one vessel of the inspections that were opened without a label.
        hull_material (HullMaterialEnum | None):
        length_m (float | None):
        built_year (int | None):
        hull_id (str):
        home_port (str):
        created_at (datetime.datetime):
        archived_at (datetime.datetime | None): When the owner deleted a vessel with inspections. Its next use brings it
            back.
        inspection_counts (VesselDetailInspectionCounts): How many inspections, by mode.
        last_inspected_at (datetime.datetime | None): When the last completed inspection was opened, of any mode.
    """

    vessel_id: UUID
    name: str
    hull_material: HullMaterialEnum | None
    length_m: float | None
    built_year: int | None
    hull_id: str
    home_port: str
    created_at: datetime.datetime
    archived_at: datetime.datetime | None
    inspection_counts: VesselDetailInspectionCounts
    last_inspected_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vessel_id = str(self.vessel_id)

        name = self.name

        hull_material: None | str
        if isinstance(self.hull_material, HullMaterialEnum):
            hull_material = self.hull_material.value
        else:
            hull_material = self.hull_material

        length_m: float | None
        length_m = self.length_m

        built_year: int | None
        built_year = self.built_year

        hull_id = self.hull_id

        home_port = self.home_port

        created_at = self.created_at.isoformat()

        archived_at: None | str
        if isinstance(self.archived_at, datetime.datetime):
            archived_at = self.archived_at.isoformat()
        else:
            archived_at = self.archived_at

        inspection_counts = self.inspection_counts.to_dict()

        last_inspected_at: None | str
        if isinstance(self.last_inspected_at, datetime.datetime):
            last_inspected_at = self.last_inspected_at.isoformat()
        else:
            last_inspected_at = self.last_inspected_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vessel_id": vessel_id,
                "name": name,
                "hull_material": hull_material,
                "length_m": length_m,
                "built_year": built_year,
                "hull_id": hull_id,
                "home_port": home_port,
                "created_at": created_at,
                "archived_at": archived_at,
                "inspection_counts": inspection_counts,
                "last_inspected_at": last_inspected_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vessel_detail_inspection_counts import (
            VesselDetailInspectionCounts,  # noqa: PLC0415
        )

        d = dict(src_dict)
        vessel_id = UUID(d.pop("vessel_id"))

        name = d.pop("name")

        def _parse_hull_material(data: object) -> HullMaterialEnum | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                hull_material_type_0 = HullMaterialEnum(data)

                return hull_material_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HullMaterialEnum | None, data)

        hull_material = _parse_hull_material(d.pop("hull_material"))

        def _parse_length_m(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        length_m = _parse_length_m(d.pop("length_m"))

        def _parse_built_year(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        built_year = _parse_built_year(d.pop("built_year"))

        hull_id = d.pop("hull_id")

        home_port = d.pop("home_port")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_archived_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                archived_at_type_0 = datetime.datetime.fromisoformat(data)

                return archived_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        archived_at = _parse_archived_at(d.pop("archived_at"))

        inspection_counts = VesselDetailInspectionCounts.from_dict(d.pop("inspection_counts"))

        def _parse_last_inspected_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_inspected_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_inspected_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_inspected_at = _parse_last_inspected_at(d.pop("last_inspected_at"))

        vessel_detail = cls(
            vessel_id=vessel_id,
            name=name,
            hull_material=hull_material,
            length_m=length_m,
            built_year=built_year,
            hull_id=hull_id,
            home_port=home_port,
            created_at=created_at,
            archived_at=archived_at,
            inspection_counts=inspection_counts,
            last_inspected_at=last_inspected_at,
        )

        vessel_detail.additional_properties = d
        return vessel_detail

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
