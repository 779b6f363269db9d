from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.handover_party_enum import HandoverPartyEnum
from ..models.handover_status_enum import HandoverStatusEnum

if TYPE_CHECKING:
    from ..models.handover_detail_inspection_counts_type_0 import (
        HandoverDetailInspectionCountsType0,
    )
    from ..models.handover_dispute import HandoverDispute


T = TypeVar("T", bound="HandoverDetail")


@_attrs_define
class HandoverDetail:
    """A handover as one of its parties sees it. The context has that party as `user`.

    Attributes:
        handover_id (UUID):
        role (HandoverPartyEnum):
        status (HandoverStatusEnum): * `pending_codes` - awaits the second code
            * `cancelled` - cancelled by the seller
            * `declined` - declined by the buyer
            * `failed` - failed: wrong codes
        vessel_id (None | UUID): Null once the vessel is deleted.
        vessel_name (str): When it was offered.
        to_email (None | str): The address that the seller typed; null for the buyer.
        credits_ (int): What the buyer pays the seller, in inspection credits.
        confirmed (bool): Whether the caller has entered the code.
        created_at (datetime.datetime):
        expires_at (datetime.datetime): Until then both codes must be entered.
        ended_at (datetime.datetime | None): When the offer ended without a change of owner.
        completed_at (datetime.datetime | None):
        disputable_until (datetime.datetime | None):
        dispute (HandoverDispute | None):
        inspection_counts (HandoverDetailInspectionCountsType0 | None): How many inspections are offered, by mode; null
            once the offer is over.
        last_inspected_at (datetime.datetime | None): When the last completed one was opened; null without one, and once
            the offer is over.
    """

    handover_id: UUID
    role: HandoverPartyEnum
    status: HandoverStatusEnum
    vessel_id: None | UUID
    vessel_name: str
    to_email: None | str
    credits_: int
    confirmed: bool
    created_at: datetime.datetime
    expires_at: datetime.datetime
    ended_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    disputable_until: datetime.datetime | None
    dispute: HandoverDispute | None
    inspection_counts: HandoverDetailInspectionCountsType0 | None
    last_inspected_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.handover_detail_inspection_counts_type_0 import (
            HandoverDetailInspectionCountsType0,  # noqa: PLC0415
        )
        from ..models.handover_dispute import HandoverDispute  # noqa: PLC0415

        handover_id = str(self.handover_id)

        role = self.role.value

        status = self.status.value

        vessel_id: None | str
        if isinstance(self.vessel_id, UUID):
            vessel_id = str(self.vessel_id)
        else:
            vessel_id = self.vessel_id

        vessel_name = self.vessel_name

        to_email: None | str
        to_email = self.to_email

        credits_ = self.credits_

        confirmed = self.confirmed

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        disputable_until: None | str
        if isinstance(self.disputable_until, datetime.datetime):
            disputable_until = self.disputable_until.isoformat()
        else:
            disputable_until = self.disputable_until

        dispute: dict[str, Any] | None
        if isinstance(self.dispute, HandoverDispute):
            dispute = self.dispute.to_dict()
        else:
            dispute = self.dispute

        inspection_counts: dict[str, Any] | None
        if isinstance(self.inspection_counts, HandoverDetailInspectionCountsType0):
            inspection_counts = self.inspection_counts.to_dict()
        else:
            inspection_counts = self.inspection_counts

        last_inspected_at: None | str
        if isinstance(self.last_inspected_at, datetime.datetime):
            last_inspected_at = self.last_inspected_at.isoformat()
        else:
            last_inspected_at = self.last_inspected_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "handover_id": handover_id,
                "role": role,
                "status": status,
                "vessel_id": vessel_id,
                "vessel_name": vessel_name,
                "to_email": to_email,
                "credits": credits_,
                "confirmed": confirmed,
                "created_at": created_at,
                "expires_at": expires_at,
                "ended_at": ended_at,
                "completed_at": completed_at,
                "disputable_until": disputable_until,
                "dispute": dispute,
                "inspection_counts": inspection_counts,
                "last_inspected_at": last_inspected_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.handover_detail_inspection_counts_type_0 import (
            HandoverDetailInspectionCountsType0,  # noqa: PLC0415
        )
        from ..models.handover_dispute import HandoverDispute  # noqa: PLC0415

        d = dict(src_dict)
        handover_id = UUID(d.pop("handover_id"))

        role = HandoverPartyEnum(d.pop("role"))

        status = HandoverStatusEnum(d.pop("status"))

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

        vessel_name = d.pop("vessel_name")

        def _parse_to_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        to_email = _parse_to_email(d.pop("to_email"))

        credits_ = d.pop("credits")

        confirmed = d.pop("confirmed")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        def _parse_disputable_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disputable_until_type_0 = datetime.datetime.fromisoformat(data)

                return disputable_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disputable_until = _parse_disputable_until(d.pop("disputable_until"))

        def _parse_dispute(data: object) -> HandoverDispute | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dispute_type_0 = HandoverDispute.from_dict(data)

                return dispute_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HandoverDispute | None, data)

        dispute = _parse_dispute(d.pop("dispute"))

        def _parse_inspection_counts(data: object) -> HandoverDetailInspectionCountsType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                inspection_counts_type_0 = HandoverDetailInspectionCountsType0.from_dict(data)

                return inspection_counts_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HandoverDetailInspectionCountsType0 | None, data)

        inspection_counts = _parse_inspection_counts(d.pop("inspection_counts"))

        def _parse_last_inspected_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_inspected_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_inspected_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_inspected_at = _parse_last_inspected_at(d.pop("last_inspected_at"))

        handover_detail = cls(
            handover_id=handover_id,
            role=role,
            status=status,
            vessel_id=vessel_id,
            vessel_name=vessel_name,
            to_email=to_email,
            credits_=credits_,
            confirmed=confirmed,
            created_at=created_at,
            expires_at=expires_at,
            ended_at=ended_at,
            completed_at=completed_at,
            disputable_until=disputable_until,
            dispute=dispute,
            inspection_counts=inspection_counts,
            last_inspected_at=last_inspected_at,
        )

        handover_detail.additional_properties = d
        return handover_detail

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
