from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.antifouling_enum import AntifoulingEnum
from ..models.hull_material_enum import HullMaterialEnum
from ..models.surface_enum import SurfaceEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="CaptureContextRequest")


@_attrs_define
class CaptureContextRequest:
    """What the owner types about the hull. Never a position.

    Attributes:
        hull_material (HullMaterialEnum | Unset):
        hauled_out_at (datetime.datetime | Unset):
        surface (SurfaceEnum | Unset):
        antifouling (AntifoulingEnum | Unset):
        region_text (str | Unset):
    """

    hull_material: HullMaterialEnum | Unset = UNSET
    hauled_out_at: datetime.datetime | Unset = UNSET
    surface: SurfaceEnum | Unset = UNSET
    antifouling: AntifoulingEnum | Unset = UNSET
    region_text: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hull_material: str | Unset = UNSET
        if not isinstance(self.hull_material, Unset):
            hull_material = self.hull_material.value

        hauled_out_at: str | Unset = UNSET
        if not isinstance(self.hauled_out_at, Unset):
            hauled_out_at = self.hauled_out_at.isoformat()

        surface: str | Unset = UNSET
        if not isinstance(self.surface, Unset):
            surface = self.surface.value

        antifouling: str | Unset = UNSET
        if not isinstance(self.antifouling, Unset):
            antifouling = self.antifouling.value

        region_text = self.region_text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if hull_material is not UNSET:
            field_dict["hull_material"] = hull_material
        if hauled_out_at is not UNSET:
            field_dict["hauled_out_at"] = hauled_out_at
        if surface is not UNSET:
            field_dict["surface"] = surface
        if antifouling is not UNSET:
            field_dict["antifouling"] = antifouling
        if region_text is not UNSET:
            field_dict["region_text"] = region_text

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _hull_material = d.pop("hull_material", UNSET)
        hull_material: HullMaterialEnum | Unset
        if isinstance(_hull_material, Unset):
            hull_material = UNSET
        else:
            hull_material = HullMaterialEnum(_hull_material)

        _hauled_out_at = d.pop("hauled_out_at", UNSET)
        hauled_out_at: datetime.datetime | Unset
        if isinstance(_hauled_out_at, Unset):
            hauled_out_at = UNSET
        else:
            hauled_out_at = datetime.datetime.fromisoformat(_hauled_out_at)

        _surface = d.pop("surface", UNSET)
        surface: SurfaceEnum | Unset
        if isinstance(_surface, Unset):
            surface = UNSET
        else:
            surface = SurfaceEnum(_surface)

        _antifouling = d.pop("antifouling", UNSET)
        antifouling: AntifoulingEnum | Unset
        if isinstance(_antifouling, Unset):
            antifouling = UNSET
        else:
            antifouling = AntifoulingEnum(_antifouling)

        region_text = d.pop("region_text", UNSET)

        capture_context_request = cls(
            hull_material=hull_material,
            hauled_out_at=hauled_out_at,
            surface=surface,
            antifouling=antifouling,
            region_text=region_text,
        )

        capture_context_request.additional_properties = d
        return capture_context_request

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
