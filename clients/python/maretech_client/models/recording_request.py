from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RecordingRequest")


@_attrs_define
class RecordingRequest:
    """
    Attributes:
        content_type (str): Any name of m4a, ogg, webm or wav, e.g. audio/x-m4a; the link names the one to send.
        byte_size (int):
        sha256 (str):
    """

    content_type: str
    byte_size: int
    sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content_type = self.content_type

        byte_size = self.byte_size

        sha256 = self.sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content_type": content_type,
                "byte_size": byte_size,
                "sha256": sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        content_type = d.pop("content_type")

        byte_size = d.pop("byte_size")

        sha256 = d.pop("sha256")

        recording_request = cls(
            content_type=content_type,
            byte_size=byte_size,
            sha256=sha256,
        )

        recording_request.additional_properties = d
        return recording_request

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
