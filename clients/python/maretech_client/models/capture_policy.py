from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum
from ..models.capture_hint_enum import CaptureHintEnum
from ..models.mode_enum import ModeEnum

if TYPE_CHECKING:
    from ..models.capture_constraints import CaptureConstraints


T = TypeVar("T", bound="CapturePolicy")


@_attrs_define
class CapturePolicy:
    """
    Attributes:
        mode (ModeEnum):
        version (int):
        free_points (int):
        max_points (int):
        angles_per_point (int):
        angles (list[AngleEnum]):
        constraints (CaptureConstraints):
        hints (list[CaptureHintEnum | str]):
    """

    mode: ModeEnum
    version: int
    free_points: int
    max_points: int
    angles_per_point: int
    angles: list[AngleEnum]
    constraints: CaptureConstraints
    hints: list[CaptureHintEnum | str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mode = self.mode.value

        version = self.version

        free_points = self.free_points

        max_points = self.max_points

        angles_per_point = self.angles_per_point

        angles = []
        for angles_item_data in self.angles:
            angles_item = angles_item_data.value
            angles.append(angles_item)

        constraints = self.constraints.to_dict()

        hints = []
        for hints_item_data in self.hints:
            hints_item: str
            if isinstance(hints_item_data, CaptureHintEnum):
                hints_item = hints_item_data.value
            else:
                hints_item = hints_item_data
            hints.append(hints_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mode": mode,
                "version": version,
                "free_points": free_points,
                "max_points": max_points,
                "angles_per_point": angles_per_point,
                "angles": angles,
                "constraints": constraints,
                "hints": hints,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_constraints import CaptureConstraints  # noqa: PLC0415

        d = dict(src_dict)
        mode = ModeEnum(d.pop("mode"))

        version = d.pop("version")

        free_points = d.pop("free_points")

        max_points = d.pop("max_points")

        angles_per_point = d.pop("angles_per_point")

        angles = []
        _angles = d.pop("angles")
        for angles_item_data in _angles:
            angles_item = AngleEnum(angles_item_data)

            angles.append(angles_item)

        constraints = CaptureConstraints.from_dict(d.pop("constraints"))

        hints = []
        _hints = d.pop("hints")
        for hints_item_data in _hints:

            def _parse_hints_item(data: object) -> CaptureHintEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    hints_item_type_0 = CaptureHintEnum(data)

                    return hints_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(CaptureHintEnum | str, data)

            hints_item = _parse_hints_item(hints_item_data)

            hints.append(hints_item)

        capture_policy = cls(
            mode=mode,
            version=version,
            free_points=free_points,
            max_points=max_points,
            angles_per_point=angles_per_point,
            angles=angles,
            constraints=constraints,
            hints=hints,
        )

        capture_policy.additional_properties = d
        return capture_policy

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
