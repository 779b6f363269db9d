from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.coverage_band_enum import CoverageBandEnum
from ..models.signal_detected_enum import SignalDetectedEnum

T = TypeVar("T", bound="CorrosionPoint")


@_attrs_define
class CorrosionPoint:
    """
    Attributes:
        point_index (int):
        label (str):
        coverage_band (CoverageBandEnum):
        signal_detected (SignalDetectedEnum):
        overlay_url (None | str):
    """

    point_index: int
    label: str
    coverage_band: CoverageBandEnum
    signal_detected: SignalDetectedEnum
    overlay_url: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        point_index = self.point_index

        label = self.label

        coverage_band = self.coverage_band.value

        signal_detected = self.signal_detected.value

        overlay_url: None | str
        overlay_url = self.overlay_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "point_index": point_index,
                "label": label,
                "coverage_band": coverage_band,
                "signal_detected": signal_detected,
                "overlay_url": overlay_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        point_index = d.pop("point_index")

        label = d.pop("label")

        coverage_band = CoverageBandEnum(d.pop("coverage_band"))

        signal_detected = SignalDetectedEnum(d.pop("signal_detected"))

        def _parse_overlay_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        overlay_url = _parse_overlay_url(d.pop("overlay_url"))

        corrosion_point = cls(
            point_index=point_index,
            label=label,
            coverage_band=coverage_band,
            signal_detected=signal_detected,
            overlay_url=overlay_url,
        )

        corrosion_point.additional_properties = d
        return corrosion_point

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
