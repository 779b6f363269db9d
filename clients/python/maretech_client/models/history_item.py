from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidence_level_enum import ConfidenceLevelEnum
from ..models.signal_detected_enum import SignalDetectedEnum

T = TypeVar("T", bound="HistoryItem")


@_attrs_define
class HistoryItem:
    """
    Attributes:
        inspection_id (UUID):
        created_at (datetime.datetime):
        confidence_level (ConfidenceLevelEnum):
        signal_detected (SignalDetectedEnum):
        label (str):
        vessel_id (None | UUID):
        vessel_label (str):
    """

    inspection_id: UUID
    created_at: datetime.datetime
    confidence_level: ConfidenceLevelEnum
    signal_detected: SignalDetectedEnum
    label: str
    vessel_id: None | UUID
    vessel_label: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        created_at = self.created_at.isoformat()

        confidence_level = self.confidence_level.value

        signal_detected = self.signal_detected.value

        label = self.label

        vessel_id: None | str
        if isinstance(self.vessel_id, UUID):
            vessel_id = str(self.vessel_id)
        else:
            vessel_id = self.vessel_id

        vessel_label = self.vessel_label

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "created_at": created_at,
                "confidence_level": confidence_level,
                "signal_detected": signal_detected,
                "label": label,
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        confidence_level = ConfidenceLevelEnum(d.pop("confidence_level"))

        signal_detected = SignalDetectedEnum(d.pop("signal_detected"))

        label = d.pop("label")

        def _parse_vessel_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                vessel_id_type_0 = UUID(data)

                return vessel_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        vessel_id = _parse_vessel_id(d.pop("vessel_id"))

        vessel_label = d.pop("vessel_label")

        history_item = cls(
            inspection_id=inspection_id,
            created_at=created_at,
            confidence_level=confidence_level,
            signal_detected=signal_detected,
            label=label,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
        )

        history_item.additional_properties = d
        return history_item

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
