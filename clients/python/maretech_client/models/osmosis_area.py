from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.density_band_enum import DensityBandEnum
from ..models.signal_detected_enum import SignalDetectedEnum

T = TypeVar("T", bound="OsmosisArea")


@_attrs_define
class OsmosisArea:
    """
    Attributes:
        point_index (int):
        label (str):
        density_band (DensityBandEnum):
        signal_detected (SignalDetectedEnum):
        overlay_url (None | str):
    """

    point_index: int
    label: str
    density_band: DensityBandEnum
    signal_detected: SignalDetectedEnum
    overlay_url: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        point_index = self.point_index

        label = self.label

        density_band = self.density_band.value

        signal_detected = self.signal_detected.value

        overlay_url: None | str
        overlay_url = self.overlay_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "point_index": point_index,
                "label": label,
                "density_band": density_band,
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

        density_band = DensityBandEnum(d.pop("density_band"))

        signal_detected = SignalDetectedEnum(d.pop("signal_detected"))

        def _parse_overlay_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        overlay_url = _parse_overlay_url(d.pop("overlay_url"))

        osmosis_area = cls(
            point_index=point_index,
            label=label,
            density_band=density_band,
            signal_detected=signal_detected,
            overlay_url=overlay_url,
        )

        osmosis_area.additional_properties = d
        return osmosis_area

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
