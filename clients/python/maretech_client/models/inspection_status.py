from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.inspection_status_enum import InspectionStatusEnum
from ..models.job_state_enum import JobStateEnum
from ..models.waiting_for_enum import WaitingForEnum

if TYPE_CHECKING:
    from ..models.progress import Progress


T = TypeVar("T", bound="InspectionStatus")


@_attrs_define
class InspectionStatus:
    """
    Attributes:
        inspection_id (UUID):
        status (InspectionStatusEnum):
        job_id (None | UUID):
        state (JobStateEnum | None):
        progress (Progress):
        waiting_for (None | str | WaitingForEnum):
        waiting_since (datetime.datetime | None):
    """

    inspection_id: UUID
    status: InspectionStatusEnum
    job_id: None | UUID
    state: JobStateEnum | None
    progress: Progress
    waiting_for: None | str | WaitingForEnum
    waiting_since: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        status = self.status.value

        job_id: None | str
        if isinstance(self.job_id, UUID):
            job_id = str(self.job_id)
        else:
            job_id = self.job_id

        state: None | str
        if isinstance(self.state, JobStateEnum):
            state = self.state.value
        else:
            state = self.state

        progress = self.progress.to_dict()

        waiting_for: None | str
        if isinstance(self.waiting_for, WaitingForEnum):
            waiting_for = self.waiting_for.value
        else:
            waiting_for = self.waiting_for

        waiting_since: None | str
        if isinstance(self.waiting_since, datetime.datetime):
            waiting_since = self.waiting_since.isoformat()
        else:
            waiting_since = self.waiting_since

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "status": status,
                "job_id": job_id,
                "state": state,
                "progress": progress,
                "waiting_for": waiting_for,
                "waiting_since": waiting_since,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.progress import Progress  # noqa: PLC0415

        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        status = InspectionStatusEnum(d.pop("status"))

        def _parse_job_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                job_id_type_0 = UUID(data)

                return job_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        job_id = _parse_job_id(d.pop("job_id"))

        def _parse_state(data: object) -> JobStateEnum | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_type_0 = JobStateEnum(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobStateEnum | None, data)

        state = _parse_state(d.pop("state"))

        progress = Progress.from_dict(d.pop("progress"))

        def _parse_waiting_for(data: object) -> None | str | WaitingForEnum:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                waiting_for_type_0 = WaitingForEnum(data)

                return waiting_for_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | WaitingForEnum, data)

        waiting_for = _parse_waiting_for(d.pop("waiting_for"))

        def _parse_waiting_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                waiting_since_type_0 = datetime.datetime.fromisoformat(data)

                return waiting_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        waiting_since = _parse_waiting_since(d.pop("waiting_since"))

        inspection_status = cls(
            inspection_id=inspection_id,
            status=status,
            job_id=job_id,
            state=state,
            progress=progress,
            waiting_for=waiting_for,
            waiting_since=waiting_since,
        )

        inspection_status.additional_properties = d
        return inspection_status

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
