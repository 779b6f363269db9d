from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CaptureMetadataRequest")


@_attrs_define
class CaptureMetadataRequest:
    """What the phone says of itself. Never a position.

    Attributes:
        device_model (str | Unset):
        os (str | Unset):
        app_version (str | Unset):
        captured_at (datetime.datetime | Unset):
    """

    device_model: str | Unset = UNSET
    os: str | Unset = UNSET
    app_version: str | Unset = UNSET
    captured_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        device_model = self.device_model

        os = self.os

        app_version = self.app_version

        captured_at: str | Unset = UNSET
        if not isinstance(self.captured_at, Unset):
            captured_at = self.captured_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if device_model is not UNSET:
            field_dict["device_model"] = device_model
        if os is not UNSET:
            field_dict["os"] = os
        if app_version is not UNSET:
            field_dict["app_version"] = app_version
        if captured_at is not UNSET:
            field_dict["captured_at"] = captured_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        device_model = d.pop("device_model", UNSET)

        os = d.pop("os", UNSET)

        app_version = d.pop("app_version", UNSET)

        _captured_at = d.pop("captured_at", UNSET)
        captured_at: datetime.datetime | Unset
        if isinstance(_captured_at, Unset):
            captured_at = UNSET
        else:
            captured_at = datetime.datetime.fromisoformat(_captured_at)

        capture_metadata_request = cls(
            device_model=device_model,
            os=os,
            app_version=app_version,
            captured_at=captured_at,
        )

        capture_metadata_request.additional_properties = d
        return capture_metadata_request

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
