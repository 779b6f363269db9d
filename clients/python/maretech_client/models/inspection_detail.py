from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.inspection_failure_enum import InspectionFailureEnum
from ..models.inspection_status_enum import InspectionStatusEnum
from ..models.mode_enum import ModeEnum
from ..models.waiting_for_enum import WaitingForEnum

if TYPE_CHECKING:
    from ..models.capture_context import CaptureContext
    from ..models.slot import Slot


T = TypeVar("T", bound="InspectionDetail")


@_attrs_define
class InspectionDetail:
    """
    Attributes:
        inspection_id (UUID):
        mode (ModeEnum):
        status (InspectionStatusEnum):
        label (str):
        created_at (datetime.datetime):
        vessel_id (None | UUID):
        vessel_label (str):
        failure_reason (InspectionFailureEnum | None | str):
        waiting_for (None | str | WaitingForEnum):
        waiting_since (datetime.datetime | None):
        expires_at (datetime.datetime):
        policy_version (int):
        capture_context (CaptureContext): What the owner types about the hull. Never a position.
        slots (list[Slot]):
    """

    inspection_id: UUID
    mode: ModeEnum
    status: InspectionStatusEnum
    label: str
    created_at: datetime.datetime
    vessel_id: None | UUID
    vessel_label: str
    failure_reason: InspectionFailureEnum | None | str
    waiting_for: None | str | WaitingForEnum
    waiting_since: datetime.datetime | None
    expires_at: datetime.datetime
    policy_version: int
    capture_context: CaptureContext
    slots: list[Slot]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        mode = self.mode.value

        status = self.status.value

        label = self.label

        created_at = self.created_at.isoformat()

        vessel_id: None | str
        if isinstance(self.vessel_id, UUID):
            vessel_id = str(self.vessel_id)
        else:
            vessel_id = self.vessel_id

        vessel_label = self.vessel_label

        failure_reason: None | str
        if isinstance(self.failure_reason, InspectionFailureEnum):
            failure_reason = self.failure_reason.value
        else:
            failure_reason = self.failure_reason

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

        expires_at = self.expires_at.isoformat()

        policy_version = self.policy_version

        capture_context = self.capture_context.to_dict()

        slots = []
        for slots_item_data in self.slots:
            slots_item = slots_item_data.to_dict()
            slots.append(slots_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "mode": mode,
                "status": status,
                "label": label,
                "created_at": created_at,
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
                "failure_reason": failure_reason,
                "waiting_for": waiting_for,
                "waiting_since": waiting_since,
                "expires_at": expires_at,
                "policy_version": policy_version,
                "capture_context": capture_context,
                "slots": slots,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_context import CaptureContext  # noqa: PLC0415
        from ..models.slot import Slot  # noqa: PLC0415

        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        mode = ModeEnum(d.pop("mode"))

        status = InspectionStatusEnum(d.pop("status"))

        label = d.pop("label")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_vessel_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                vessel_id_type_0 = UUID(data)

                return vessel_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        vessel_id = _parse_vessel_id(d.pop("vessel_id"))

        vessel_label = d.pop("vessel_label")

        def _parse_failure_reason(data: object) -> InspectionFailureEnum | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failure_reason_type_0 = InspectionFailureEnum(data)

                return failure_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(InspectionFailureEnum | None | str, data)

        failure_reason = _parse_failure_reason(d.pop("failure_reason"))

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

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        policy_version = d.pop("policy_version")

        capture_context = CaptureContext.from_dict(d.pop("capture_context"))

        slots = []
        _slots = d.pop("slots")
        for slots_item_data in _slots:
            slots_item = Slot.from_dict(slots_item_data)

            slots.append(slots_item)

        inspection_detail = cls(
            inspection_id=inspection_id,
            mode=mode,
            status=status,
            label=label,
            created_at=created_at,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            failure_reason=failure_reason,
            waiting_for=waiting_for,
            waiting_since=waiting_since,
            expires_at=expires_at,
            policy_version=policy_version,
            capture_context=capture_context,
            slots=slots,
        )

        inspection_detail.additional_properties = d
        return inspection_detail

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
