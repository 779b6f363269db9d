from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ready_enum import ReadyEnum

T = TypeVar("T", bound="ExportReady")


@_attrs_define
class ExportReady:
    """
    Attributes:
        export_id (UUID):
        status (ReadyEnum):
        url (str): A ZIP. The link itself is the right, and works for a few minutes.
        byte_size (int):
        created_at (datetime.datetime):
        expires_at (datetime.datetime): From then on a new one is built.
    """

    export_id: UUID
    status: ReadyEnum
    url: str
    byte_size: int
    created_at: datetime.datetime
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        export_id = str(self.export_id)

        status = self.status.value

        url = self.url

        byte_size = self.byte_size

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "export_id": export_id,
                "status": status,
                "url": url,
                "byte_size": byte_size,
                "created_at": created_at,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        export_id = UUID(d.pop("export_id"))

        status = ReadyEnum(d.pop("status"))

        url = d.pop("url")

        byte_size = d.pop("byte_size")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        export_ready = cls(
            export_id=export_id,
            status=status,
            url=url,
            byte_size=byte_size,
            created_at=created_at,
            expires_at=expires_at,
        )

        export_ready.additional_properties = d
        return export_ready

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
