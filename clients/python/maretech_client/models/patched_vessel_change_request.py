from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hull_material_enum import HullMaterialEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="PatchedVesselChangeRequest")


@_attrs_define
class PatchedVesselChangeRequest:
    """
    Attributes:
        hull_material (HullMaterialEnum | None | Unset):
        length_m (float | None | Unset):
        built_year (int | None | Unset):
        hull_id (str | Unset):
        home_port (str | Unset):
        name (str | Unset):
    """

    hull_material: HullMaterialEnum | None | Unset = UNSET
    length_m: float | None | Unset = UNSET
    built_year: int | None | Unset = UNSET
    hull_id: str | Unset = UNSET
    home_port: str | Unset = UNSET
    name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hull_material: None | str | Unset
        if isinstance(self.hull_material, Unset):
            hull_material = UNSET
        elif isinstance(self.hull_material, HullMaterialEnum):
            hull_material = self.hull_material.value
        else:
            hull_material = self.hull_material

        length_m: float | None | Unset
        if isinstance(self.length_m, Unset):
            length_m = UNSET
        else:
            length_m = self.length_m

        built_year: int | None | Unset
        if isinstance(self.built_year, Unset):
            built_year = UNSET
        else:
            built_year = self.built_year

        hull_id = self.hull_id

        home_port = self.home_port

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if hull_material is not UNSET:
            field_dict["hull_material"] = hull_material
        if length_m is not UNSET:
            field_dict["length_m"] = length_m
        if built_year is not UNSET:
            field_dict["built_year"] = built_year
        if hull_id is not UNSET:
            field_dict["hull_id"] = hull_id
        if home_port is not UNSET:
            field_dict["home_port"] = home_port
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_hull_material(data: object) -> HullMaterialEnum | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                hull_material_type_0 = HullMaterialEnum(data)

                return hull_material_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HullMaterialEnum | None | Unset, data)

        hull_material = _parse_hull_material(d.pop("hull_material", UNSET))

        def _parse_length_m(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        length_m = _parse_length_m(d.pop("length_m", UNSET))

        def _parse_built_year(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        built_year = _parse_built_year(d.pop("built_year", UNSET))

        hull_id = d.pop("hull_id", UNSET)

        home_port = d.pop("home_port", UNSET)

        name = d.pop("name", UNSET)

        patched_vessel_change_request = cls(
            hull_material=hull_material,
            length_m=length_m,
            built_year=built_year,
            hull_id=hull_id,
            home_port=home_port,
            name=name,
        )

        patched_vessel_change_request.additional_properties = d
        return patched_vessel_change_request

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
