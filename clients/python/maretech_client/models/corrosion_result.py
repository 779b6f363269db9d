from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidence_level_enum import ConfidenceLevelEnum
from ..models.corrosion_mode_enum import CorrosionModeEnum
from ..models.guidance_enum import GuidanceEnum
from ..models.signal_detected_enum import SignalDetectedEnum

if TYPE_CHECKING:
    from ..models.corrosion_block import CorrosionBlock
    from ..models.coverage import Coverage


T = TypeVar("T", bound="CorrosionResult")


@_attrs_define
class CorrosionResult:
    """
    Attributes:
        inspection_id (UUID):
        signal_detected (SignalDetectedEnum):
        confidence_level (ConfidenceLevelEnum):
        explanation (str):
        disclaimer (str):
        coverage (Coverage):
        model_version (str):
        created_at (datetime.datetime):
        mode (CorrosionModeEnum):
        guidance (list[GuidanceEnum | str]):
        corrosion (CorrosionBlock):
    """

    inspection_id: UUID
    signal_detected: SignalDetectedEnum
    confidence_level: ConfidenceLevelEnum
    explanation: str
    disclaimer: str
    coverage: Coverage
    model_version: str
    created_at: datetime.datetime
    mode: CorrosionModeEnum
    guidance: list[GuidanceEnum | str]
    corrosion: CorrosionBlock
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        signal_detected = self.signal_detected.value

        confidence_level = self.confidence_level.value

        explanation = self.explanation

        disclaimer = self.disclaimer

        coverage = self.coverage.to_dict()

        model_version = self.model_version

        created_at = self.created_at.isoformat()

        mode = self.mode.value

        guidance = []
        for guidance_item_data in self.guidance:
            guidance_item: str
            if isinstance(guidance_item_data, GuidanceEnum):
                guidance_item = guidance_item_data.value
            else:
                guidance_item = guidance_item_data
            guidance.append(guidance_item)

        corrosion = self.corrosion.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "signal_detected": signal_detected,
                "confidence_level": confidence_level,
                "explanation": explanation,
                "disclaimer": disclaimer,
                "coverage": coverage,
                "model_version": model_version,
                "created_at": created_at,
                "mode": mode,
                "guidance": guidance,
                "corrosion": corrosion,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.corrosion_block import CorrosionBlock  # noqa: PLC0415
        from ..models.coverage import Coverage  # noqa: PLC0415

        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        signal_detected = SignalDetectedEnum(d.pop("signal_detected"))

        confidence_level = ConfidenceLevelEnum(d.pop("confidence_level"))

        explanation = d.pop("explanation")

        disclaimer = d.pop("disclaimer")

        coverage = Coverage.from_dict(d.pop("coverage"))

        model_version = d.pop("model_version")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        mode = CorrosionModeEnum(d.pop("mode"))

        guidance = []
        _guidance = d.pop("guidance")
        for guidance_item_data in _guidance:

            def _parse_guidance_item(data: object) -> GuidanceEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    guidance_item_type_0 = GuidanceEnum(data)

                    return guidance_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(GuidanceEnum | str, data)

            guidance_item = _parse_guidance_item(guidance_item_data)

            guidance.append(guidance_item)

        corrosion = CorrosionBlock.from_dict(d.pop("corrosion"))

        corrosion_result = cls(
            inspection_id=inspection_id,
            signal_detected=signal_detected,
            confidence_level=confidence_level,
            explanation=explanation,
            disclaimer=disclaimer,
            coverage=coverage,
            model_version=model_version,
            created_at=created_at,
            mode=mode,
            guidance=guidance,
            corrosion=corrosion,
        )

        corrosion_result.additional_properties = d
        return corrosion_result

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
