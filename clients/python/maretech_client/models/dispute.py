from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.appointment_outcome_enum import AppointmentOutcomeEnum
from ..models.dispute_status_enum import DisputeStatusEnum

if TYPE_CHECKING:
    from ..models.attempt import Attempt


T = TypeVar("T", bound="Dispute")


@_attrs_define
class Dispute:
    """A dispute of an appointment or of a payment: exactly one of the two ids is set.

    Attributes:
        dispute_id (UUID):
        appointment_id (None | UUID):
        order_id (None | UUID):
        status (DisputeStatusEnum):
        opened_at (datetime.datetime):
        acknowledge_by (datetime.datetime):
        triage_by (datetime.datetime):
        resolve_by (datetime.datetime):
        acknowledged_at (datetime.datetime | None):
        triaged_at (datetime.datetime | None):
        resolved_at (datetime.datetime | None):
        escalated (bool): Flagged for a decision above support, or late.
        outcome (AppointmentOutcomeEnum | None): Null while it is open, and for a payment.

            * `full` - full refund
            * `part` - refund in part
            * `none` - no refund
        refund_minor (int | None):
        attempts (list[Attempt]): What the caller has explained.
    """

    dispute_id: UUID
    appointment_id: None | UUID
    order_id: None | UUID
    status: DisputeStatusEnum
    opened_at: datetime.datetime
    acknowledge_by: datetime.datetime
    triage_by: datetime.datetime
    resolve_by: datetime.datetime
    acknowledged_at: datetime.datetime | None
    triaged_at: datetime.datetime | None
    resolved_at: datetime.datetime | None
    escalated: bool
    outcome: AppointmentOutcomeEnum | None
    refund_minor: int | None
    attempts: list[Attempt]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dispute_id = str(self.dispute_id)

        appointment_id: None | str
        if isinstance(self.appointment_id, UUID):
            appointment_id = str(self.appointment_id)
        else:
            appointment_id = self.appointment_id

        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        status = self.status.value

        opened_at = self.opened_at.isoformat()

        acknowledge_by = self.acknowledge_by.isoformat()

        triage_by = self.triage_by.isoformat()

        resolve_by = self.resolve_by.isoformat()

        acknowledged_at: None | str
        if isinstance(self.acknowledged_at, datetime.datetime):
            acknowledged_at = self.acknowledged_at.isoformat()
        else:
            acknowledged_at = self.acknowledged_at

        triaged_at: None | str
        if isinstance(self.triaged_at, datetime.datetime):
            triaged_at = self.triaged_at.isoformat()
        else:
            triaged_at = self.triaged_at

        resolved_at: None | str
        if isinstance(self.resolved_at, datetime.datetime):
            resolved_at = self.resolved_at.isoformat()
        else:
            resolved_at = self.resolved_at

        escalated = self.escalated

        outcome: None | str
        if isinstance(self.outcome, AppointmentOutcomeEnum):
            outcome = self.outcome.value
        else:
            outcome = self.outcome

        refund_minor: int | None
        refund_minor = self.refund_minor

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dispute_id": dispute_id,
                "appointment_id": appointment_id,
                "order_id": order_id,
                "status": status,
                "opened_at": opened_at,
                "acknowledge_by": acknowledge_by,
                "triage_by": triage_by,
                "resolve_by": resolve_by,
                "acknowledged_at": acknowledged_at,
                "triaged_at": triaged_at,
                "resolved_at": resolved_at,
                "escalated": escalated,
                "outcome": outcome,
                "refund_minor": refund_minor,
                "attempts": attempts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt import Attempt  # noqa: PLC0415

        d = dict(src_dict)
        dispute_id = UUID(d.pop("dispute_id"))

        def _parse_appointment_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                appointment_id_type_0 = UUID(data)

                return appointment_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        appointment_id = _parse_appointment_id(d.pop("appointment_id"))

        def _parse_order_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                order_id_type_0 = UUID(data)

                return order_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        order_id = _parse_order_id(d.pop("order_id"))

        status = DisputeStatusEnum(d.pop("status"))

        opened_at = datetime.datetime.fromisoformat(d.pop("opened_at"))

        acknowledge_by = datetime.datetime.fromisoformat(d.pop("acknowledge_by"))

        triage_by = datetime.datetime.fromisoformat(d.pop("triage_by"))

        resolve_by = datetime.datetime.fromisoformat(d.pop("resolve_by"))

        def _parse_acknowledged_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                acknowledged_at_type_0 = datetime.datetime.fromisoformat(data)

                return acknowledged_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        acknowledged_at = _parse_acknowledged_at(d.pop("acknowledged_at"))

        def _parse_triaged_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                triaged_at_type_0 = datetime.datetime.fromisoformat(data)

                return triaged_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        triaged_at = _parse_triaged_at(d.pop("triaged_at"))

        def _parse_resolved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_at_type_0 = datetime.datetime.fromisoformat(data)

                return resolved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resolved_at = _parse_resolved_at(d.pop("resolved_at"))

        escalated = d.pop("escalated")

        def _parse_outcome(data: object) -> AppointmentOutcomeEnum | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outcome_type_0 = AppointmentOutcomeEnum(data)

                return outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AppointmentOutcomeEnum | None, data)

        outcome = _parse_outcome(d.pop("outcome"))

        def _parse_refund_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        refund_minor = _parse_refund_minor(d.pop("refund_minor"))

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = Attempt.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        dispute = cls(
            dispute_id=dispute_id,
            appointment_id=appointment_id,
            order_id=order_id,
            status=status,
            opened_at=opened_at,
            acknowledge_by=acknowledge_by,
            triage_by=triage_by,
            resolve_by=resolve_by,
            acknowledged_at=acknowledged_at,
            triaged_at=triaged_at,
            resolved_at=resolved_at,
            escalated=escalated,
            outcome=outcome,
            refund_minor=refund_minor,
            attempts=attempts,
        )

        dispute.additional_properties = d
        return dispute

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
