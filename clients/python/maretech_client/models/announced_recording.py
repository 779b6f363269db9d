from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_state_enum import RecordingStateEnum

if TYPE_CHECKING:
    from ..models.upload_link import UploadLink


T = TypeVar("T", bound="AnnouncedRecording")


@_attrs_define
class AnnouncedRecording:
    """
    Attributes:
        recording_id (UUID):
        state (RecordingStateEnum):
        upload (UploadLink):
    """

    recording_id: UUID
    state: RecordingStateEnum
    upload: UploadLink
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recording_id = str(self.recording_id)

        state = self.state.value

        upload = self.upload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recording_id": recording_id,
                "state": state,
                "upload": upload,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_link import UploadLink  # noqa: PLC0415

        d = dict(src_dict)
        recording_id = UUID(d.pop("recording_id"))

        state = RecordingStateEnum(d.pop("state"))

        upload = UploadLink.from_dict(d.pop("upload"))

        announced_recording = cls(
            recording_id=recording_id,
            state=state,
            upload=upload,
        )

        announced_recording.additional_properties = d
        return announced_recording

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
