from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.inspection_status_enum import InspectionStatusEnum
from ..models.mode_enum import ModeEnum

if TYPE_CHECKING:
    from ..models.slot_upload import SlotUpload


T = TypeVar("T", bound="OpenedInspection")


@_attrs_define
class OpenedInspection:
    """
    Attributes:
        inspection_id (UUID):
        mode (ModeEnum):
        status (InspectionStatusEnum):
        upload_urls (list[str]):
        uploads (list[SlotUpload]):
        expires_at (datetime.datetime):
    """

    inspection_id: UUID
    mode: ModeEnum
    status: InspectionStatusEnum
    upload_urls: list[str]
    uploads: list[SlotUpload]
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        mode = self.mode.value

        status = self.status.value

        upload_urls = self.upload_urls

        uploads = []
        for uploads_item_data in self.uploads:
            uploads_item = uploads_item_data.to_dict()
            uploads.append(uploads_item)

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "mode": mode,
                "status": status,
                "upload_urls": upload_urls,
                "uploads": uploads,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.slot_upload import SlotUpload  # noqa: PLC0415

        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        mode = ModeEnum(d.pop("mode"))

        status = InspectionStatusEnum(d.pop("status"))

        upload_urls = cast(list[str], d.pop("upload_urls"))

        uploads = []
        _uploads = d.pop("uploads")
        for uploads_item_data in _uploads:
            uploads_item = SlotUpload.from_dict(uploads_item_data)

            uploads.append(uploads_item)

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        opened_inspection = cls(
            inspection_id=inspection_id,
            mode=mode,
            status=status,
            upload_urls=upload_urls,
            uploads=uploads,
            expires_at=expires_at,
        )

        opened_inspection.additional_properties = d
        return opened_inspection

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
