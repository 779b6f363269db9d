from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mode_enum import ModeEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.capture_context_request import CaptureContextRequest


T = TypeVar("T", bound="OpenInspectionRequest")


@_attrs_define
class OpenInspectionRequest:
    """
    Attributes:
        mode (ModeEnum):
        points (int | Unset):  Default: 1.
        vessel_id (UUID | Unset):
        vessel_label (str | Unset): In place of `vessel_id`: the name of a vessel, which is added if there is none of
            that name.
        label (str | Unset):  Default: ''.
        capture_context (CaptureContextRequest | Unset): What the owner types about the hull. Never a position.
    """

    mode: ModeEnum
    points: int | Unset = 1
    vessel_id: UUID | Unset = UNSET
    vessel_label: str | Unset = UNSET
    label: str | Unset = ""
    capture_context: CaptureContextRequest | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mode = self.mode.value

        points = self.points

        vessel_id: str | Unset = UNSET
        if not isinstance(self.vessel_id, Unset):
            vessel_id = str(self.vessel_id)

        vessel_label = self.vessel_label

        label = self.label

        capture_context: dict[str, Any] | Unset = UNSET
        if not isinstance(self.capture_context, Unset):
            capture_context = self.capture_context.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mode": mode,
            }
        )
        if points is not UNSET:
            field_dict["points"] = points
        if vessel_id is not UNSET:
            field_dict["vessel_id"] = vessel_id
        if vessel_label is not UNSET:
            field_dict["vessel_label"] = vessel_label
        if label is not UNSET:
            field_dict["label"] = label
        if capture_context is not UNSET:
            field_dict["capture_context"] = capture_context

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_context_request import CaptureContextRequest  # noqa: PLC0415

        d = dict(src_dict)
        mode = ModeEnum(d.pop("mode"))

        points = d.pop("points", UNSET)

        _vessel_id = d.pop("vessel_id", UNSET)
        vessel_id: UUID | Unset
        if isinstance(_vessel_id, Unset):
            vessel_id = UNSET
        else:
            vessel_id = UUID(_vessel_id)

        vessel_label = d.pop("vessel_label", UNSET)

        label = d.pop("label", UNSET)

        _capture_context = d.pop("capture_context", UNSET)
        capture_context: CaptureContextRequest | Unset
        if isinstance(_capture_context, Unset):
            capture_context = UNSET
        else:
            capture_context = CaptureContextRequest.from_dict(_capture_context)

        open_inspection_request = cls(
            mode=mode,
            points=points,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            label=label,
            capture_context=capture_context,
        )

        open_inspection_request.additional_properties = d
        return open_inspection_request

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
