from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.capture_metadata_request import CaptureMetadataRequest


T = TypeVar("T", bound="DeclarePhotoRequest")


@_attrs_define
class DeclarePhotoRequest:
    """
    Attributes:
        angle (AngleEnum):
        content_type (str): Any name a phone has for the type, e.g. image/jpg; the link names the one to send.
        byte_size (int):
        sha256 (str):
        capture (CaptureMetadataRequest | Unset): What the phone says of itself. Never a position.
    """

    angle: AngleEnum
    content_type: str
    byte_size: int
    sha256: str
    capture: CaptureMetadataRequest | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        angle = self.angle.value

        content_type = self.content_type

        byte_size = self.byte_size

        sha256 = self.sha256

        capture: dict[str, Any] | Unset = UNSET
        if not isinstance(self.capture, Unset):
            capture = self.capture.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "angle": angle,
                "content_type": content_type,
                "byte_size": byte_size,
                "sha256": sha256,
            }
        )
        if capture is not UNSET:
            field_dict["capture"] = capture

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_metadata_request import CaptureMetadataRequest  # noqa: PLC0415

        d = dict(src_dict)
        angle = AngleEnum(d.pop("angle"))

        content_type = d.pop("content_type")

        byte_size = d.pop("byte_size")

        sha256 = d.pop("sha256")

        _capture = d.pop("capture", UNSET)
        capture: CaptureMetadataRequest | Unset
        if isinstance(_capture, Unset):
            capture = UNSET
        else:
            capture = CaptureMetadataRequest.from_dict(_capture)

        declare_photo_request = cls(
            angle=angle,
            content_type=content_type,
            byte_size=byte_size,
            sha256=sha256,
            capture=capture,
        )

        declare_photo_request.additional_properties = d
        return declare_photo_request

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
