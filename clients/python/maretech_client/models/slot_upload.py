from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum

if TYPE_CHECKING:
    from ..models.slot_upload_headers import SlotUploadHeaders


T = TypeVar("T", bound="SlotUpload")


@_attrs_define
class SlotUpload:
    """
    Attributes:
        method (str):
        url (str):
        headers (SlotUploadHeaders):
        expires_at (datetime.datetime):
        asset_id (UUID):
        slot_id (UUID):
        point_index (int):
        angle (AngleEnum):
    """

    method: str
    url: str
    headers: SlotUploadHeaders
    expires_at: datetime.datetime
    asset_id: UUID
    slot_id: UUID
    point_index: int
    angle: AngleEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        method = self.method

        url = self.url

        headers = self.headers.to_dict()

        expires_at = self.expires_at.isoformat()

        asset_id = str(self.asset_id)

        slot_id = str(self.slot_id)

        point_index = self.point_index

        angle = self.angle.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "method": method,
                "url": url,
                "headers": headers,
                "expires_at": expires_at,
                "asset_id": asset_id,
                "slot_id": slot_id,
                "point_index": point_index,
                "angle": angle,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.slot_upload_headers import SlotUploadHeaders  # noqa: PLC0415

        d = dict(src_dict)
        method = d.pop("method")

        url = d.pop("url")

        headers = SlotUploadHeaders.from_dict(d.pop("headers"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        asset_id = UUID(d.pop("asset_id"))

        slot_id = UUID(d.pop("slot_id"))

        point_index = d.pop("point_index")

        angle = AngleEnum(d.pop("angle"))

        slot_upload = cls(
            method=method,
            url=url,
            headers=headers,
            expires_at=expires_at,
            asset_id=asset_id,
            slot_id=slot_id,
            point_index=point_index,
            angle=angle,
        )

        slot_upload.additional_properties = d
        return slot_upload

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
