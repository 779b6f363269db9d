from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recording_failure_enum import RecordingFailureEnum
from ..models.recording_state_enum import RecordingStateEnum

T = TypeVar("T", bound="Recording")


@_attrs_define
class Recording:
    """
    Attributes:
        recording_id (UUID):
        state (RecordingStateEnum):
        reason (None | RecordingFailureEnum | str): Why it has no transcript.
        created_at (datetime.datetime):
    """

    recording_id: UUID
    state: RecordingStateEnum
    reason: None | RecordingFailureEnum | str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recording_id = str(self.recording_id)

        state = self.state.value

        reason: None | str
        if isinstance(self.reason, RecordingFailureEnum):
            reason = self.reason.value
        else:
            reason = self.reason

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recording_id": recording_id,
                "state": state,
                "reason": reason,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recording_id = UUID(d.pop("recording_id"))

        state = RecordingStateEnum(d.pop("state"))

        def _parse_reason(data: object) -> None | RecordingFailureEnum | str:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = RecordingFailureEnum(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RecordingFailureEnum | str, data)

        reason = _parse_reason(d.pop("reason"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        recording = cls(
            recording_id=recording_id,
            state=state,
            reason=reason,
            created_at=created_at,
        )

        recording.additional_properties = d
        return recording

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
