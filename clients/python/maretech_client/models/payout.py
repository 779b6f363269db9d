from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payout_status_enum import PayoutStatusEnum

T = TypeVar("T", bound="Payout")


@_attrs_define
class Payout:
    """
    Attributes:
        payout_id (UUID):
        order_id (UUID):
        status (PayoutStatusEnum):
        amount_minor (int): Owed for the order, before debts.
        netted_minor (int): Kept back for money that was taken back from earlier orders.
        currency (str):
        scheduled_for (datetime.date):
        settles_by (datetime.date): The day by which it should have arrived.
        created_at (datetime.datetime):
        paid_at (datetime.datetime | None):
        settled_at (datetime.datetime | None):
        failed_at (datetime.datetime | None):
        blocked (bool): Whether a dispute keeps it back, of the appointment or of the payment.
    """

    payout_id: UUID
    order_id: UUID
    status: PayoutStatusEnum
    amount_minor: int
    netted_minor: int
    currency: str
    scheduled_for: datetime.date
    settles_by: datetime.date
    created_at: datetime.datetime
    paid_at: datetime.datetime | None
    settled_at: datetime.datetime | None
    failed_at: datetime.datetime | None
    blocked: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        payout_id = str(self.payout_id)

        order_id = str(self.order_id)

        status = self.status.value

        amount_minor = self.amount_minor

        netted_minor = self.netted_minor

        currency = self.currency

        scheduled_for = self.scheduled_for.isoformat()

        settles_by = self.settles_by.isoformat()

        created_at = self.created_at.isoformat()

        paid_at: None | str
        if isinstance(self.paid_at, datetime.datetime):
            paid_at = self.paid_at.isoformat()
        else:
            paid_at = self.paid_at

        settled_at: None | str
        if isinstance(self.settled_at, datetime.datetime):
            settled_at = self.settled_at.isoformat()
        else:
            settled_at = self.settled_at

        failed_at: None | str
        if isinstance(self.failed_at, datetime.datetime):
            failed_at = self.failed_at.isoformat()
        else:
            failed_at = self.failed_at

        blocked = self.blocked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "payout_id": payout_id,
                "order_id": order_id,
                "status": status,
                "amount_minor": amount_minor,
                "netted_minor": netted_minor,
                "currency": currency,
                "scheduled_for": scheduled_for,
                "settles_by": settles_by,
                "created_at": created_at,
                "paid_at": paid_at,
                "settled_at": settled_at,
                "failed_at": failed_at,
                "blocked": blocked,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        payout_id = UUID(d.pop("payout_id"))

        order_id = UUID(d.pop("order_id"))

        status = PayoutStatusEnum(d.pop("status"))

        amount_minor = d.pop("amount_minor")

        netted_minor = d.pop("netted_minor")

        currency = d.pop("currency")

        scheduled_for = datetime.date.fromisoformat(d.pop("scheduled_for"))

        settles_by = datetime.date.fromisoformat(d.pop("settles_by"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_paid_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paid_at_type_0 = datetime.datetime.fromisoformat(data)

                return paid_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        paid_at = _parse_paid_at(d.pop("paid_at"))

        def _parse_settled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                settled_at_type_0 = datetime.datetime.fromisoformat(data)

                return settled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        settled_at = _parse_settled_at(d.pop("settled_at"))

        def _parse_failed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failed_at_type_0 = datetime.datetime.fromisoformat(data)

                return failed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failed_at = _parse_failed_at(d.pop("failed_at"))

        blocked = d.pop("blocked")

        payout = cls(
            payout_id=payout_id,
            order_id=order_id,
            status=status,
            amount_minor=amount_minor,
            netted_minor=netted_minor,
            currency=currency,
            scheduled_for=scheduled_for,
            settles_by=settles_by,
            created_at=created_at,
            paid_at=paid_at,
            settled_at=settled_at,
            failed_at=failed_at,
            blocked=blocked,
        )

        payout.additional_properties = d
        return payout

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
