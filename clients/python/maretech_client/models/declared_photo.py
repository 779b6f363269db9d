from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum
from ..models.asset_state_enum import AssetStateEnum

if TYPE_CHECKING:
    from ..models.upload_link import UploadLink


T = TypeVar("T", bound="DeclaredPhoto")


@_attrs_define
class DeclaredPhoto:
    """
    Attributes:
        asset_id (UUID):
        angle (AngleEnum):
        state (AssetStateEnum):
        upload (UploadLink):
    """

    asset_id: UUID
    angle: AngleEnum
    state: AssetStateEnum
    upload: UploadLink
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        asset_id = str(self.asset_id)

        angle = self.angle.value

        state = self.state.value

        upload = self.upload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "asset_id": asset_id,
                "angle": angle,
                "state": state,
                "upload": upload,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_link import UploadLink  # noqa: PLC0415

        d = dict(src_dict)
        asset_id = UUID(d.pop("asset_id"))

        angle = AngleEnum(d.pop("angle"))

        state = AssetStateEnum(d.pop("state"))

        upload = UploadLink.from_dict(d.pop("upload"))

        declared_photo = cls(
            asset_id=asset_id,
            angle=angle,
            state=state,
            upload=upload,
        )

        declared_photo.additional_properties = d
        return declared_photo

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
