from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum
from ..models.asset_state_enum import AssetStateEnum
from ..models.photo_warning_enum import PhotoWarningEnum
from ..models.retake_reason_enum import RetakeReasonEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.framing import Framing


T = TypeVar("T", bound="Asset")


@_attrs_define
class Asset:
    """
    Attributes:
        asset_id (UUID):
        angle (AngleEnum):
        state (AssetStateEnum):
        warnings (list[PhotoWarningEnum | str]): What the owner may want to shoot again although the photo is used:
            small, slightly_blurred, too_far, same_as_other_angle, framed_differently (too different from the last visit's
            photo to be compared with it; see `framing` of the polled photo). More may be added: ignore an unknown one.
        retake_reasons (list[RetakeReasonEnum | str]): Shoot again: blurred, too_bright, too_dark, too_small. Send
            again: checksum_mismatch, incomplete, missing. Other format or size, see the policy's constraints: not_an_image,
            too_large, unsupported_format. After submission: changed_after_submission. More may be added: take an unknown
            one as not usable.
        view_url (None | str):
        slot_id (UUID):
        point_index (int):
        framing (Framing | None | Unset): How this photo differs from the last one of its point and angle. Null if
            nothing was measured; absent where visits are not compared.
    """

    asset_id: UUID
    angle: AngleEnum
    state: AssetStateEnum
    warnings: list[PhotoWarningEnum | str]
    retake_reasons: list[RetakeReasonEnum | str]
    view_url: None | str
    slot_id: UUID
    point_index: int
    framing: Framing | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.framing import Framing  # noqa: PLC0415

        asset_id = str(self.asset_id)

        angle = self.angle.value

        state = self.state.value

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item: str
            if isinstance(warnings_item_data, PhotoWarningEnum):
                warnings_item = warnings_item_data.value
            else:
                warnings_item = warnings_item_data
            warnings.append(warnings_item)

        retake_reasons = []
        for retake_reasons_item_data in self.retake_reasons:
            retake_reasons_item: str
            if isinstance(retake_reasons_item_data, RetakeReasonEnum):
                retake_reasons_item = retake_reasons_item_data.value
            else:
                retake_reasons_item = retake_reasons_item_data
            retake_reasons.append(retake_reasons_item)

        view_url: None | str
        view_url = self.view_url

        slot_id = str(self.slot_id)

        point_index = self.point_index

        framing: dict[str, Any] | None | Unset
        if isinstance(self.framing, Unset):
            framing = UNSET
        elif isinstance(self.framing, Framing):
            framing = self.framing.to_dict()
        else:
            framing = self.framing

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "asset_id": asset_id,
                "angle": angle,
                "state": state,
                "warnings": warnings,
                "retake_reasons": retake_reasons,
                "view_url": view_url,
                "slot_id": slot_id,
                "point_index": point_index,
            }
        )
        if framing is not UNSET:
            field_dict["framing"] = framing

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.framing import Framing  # noqa: PLC0415

        d = dict(src_dict)
        asset_id = UUID(d.pop("asset_id"))

        angle = AngleEnum(d.pop("angle"))

        state = AssetStateEnum(d.pop("state"))

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:

            def _parse_warnings_item(data: object) -> PhotoWarningEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    warnings_item_type_0 = PhotoWarningEnum(data)

                    return warnings_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(PhotoWarningEnum | str, data)

            warnings_item = _parse_warnings_item(warnings_item_data)

            warnings.append(warnings_item)

        retake_reasons = []
        _retake_reasons = d.pop("retake_reasons")
        for retake_reasons_item_data in _retake_reasons:

            def _parse_retake_reasons_item(data: object) -> RetakeReasonEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    retake_reasons_item_type_0 = RetakeReasonEnum(data)

                    return retake_reasons_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(RetakeReasonEnum | str, data)

            retake_reasons_item = _parse_retake_reasons_item(retake_reasons_item_data)

            retake_reasons.append(retake_reasons_item)

        def _parse_view_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        view_url = _parse_view_url(d.pop("view_url"))

        slot_id = UUID(d.pop("slot_id"))

        point_index = d.pop("point_index")

        def _parse_framing(data: object) -> Framing | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                framing_type_0 = Framing.from_dict(data)

                return framing_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Framing | None | Unset, data)

        framing = _parse_framing(d.pop("framing", UNSET))

        asset = cls(
            asset_id=asset_id,
            angle=angle,
            state=state,
            warnings=warnings,
            retake_reasons=retake_reasons,
            view_url=view_url,
            slot_id=slot_id,
            point_index=point_index,
            framing=framing,
        )

        asset.additional_properties = d
        return asset

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
