from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_channel_enum import DeliveryChannelEnum
from ..models.delivery_failure_enum import DeliveryFailureEnum
from ..models.delivery_status_enum import DeliveryStatusEnum

T = TypeVar("T", bound="Delivery")


@_attrs_define
class Delivery:
    """
    Attributes:
        delivery_id (UUID):
        channel (DeliveryChannelEnum): * `email` - E-mail
        status (DeliveryStatusEnum):
        to (str): The address, or the name on the letter; empty once the letter has arrived, failed or come back.
        reason (DeliveryFailureEnum | None | str): refused, not_accepted, outcome_unknown, dossier_revoked, bounced; of
            a letter also too_many_pages, not_printed, undeliverable, payment_withdrawn, handed_over, cancelled. More may be
            added.
        share_id (None | UUID):
        created_at (datetime.datetime):
        submitted_at (datetime.datetime | None):
        ended_at (datetime.datetime | None):
    """

    delivery_id: UUID
    channel: DeliveryChannelEnum
    status: DeliveryStatusEnum
    to: str
    reason: DeliveryFailureEnum | None | str
    share_id: None | UUID
    created_at: datetime.datetime
    submitted_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        delivery_id = str(self.delivery_id)

        channel = self.channel.value

        status = self.status.value

        to = self.to

        reason: None | str
        if isinstance(self.reason, DeliveryFailureEnum):
            reason = self.reason.value
        else:
            reason = self.reason

        share_id: None | str
        if isinstance(self.share_id, UUID):
            share_id = str(self.share_id)
        else:
            share_id = self.share_id

        created_at = self.created_at.isoformat()

        submitted_at: None | str
        if isinstance(self.submitted_at, datetime.datetime):
            submitted_at = self.submitted_at.isoformat()
        else:
            submitted_at = self.submitted_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "delivery_id": delivery_id,
                "channel": channel,
                "status": status,
                "to": to,
                "reason": reason,
                "share_id": share_id,
                "created_at": created_at,
                "submitted_at": submitted_at,
                "ended_at": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        delivery_id = UUID(d.pop("delivery_id"))

        channel = DeliveryChannelEnum(d.pop("channel"))

        status = DeliveryStatusEnum(d.pop("status"))

        to = d.pop("to")

        def _parse_reason(data: object) -> DeliveryFailureEnum | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = DeliveryFailureEnum(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeliveryFailureEnum | None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_share_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                share_id_type_0 = UUID(data)

                return share_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        share_id = _parse_share_id(d.pop("share_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_submitted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                submitted_at_type_0 = datetime.datetime.fromisoformat(data)

                return submitted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        submitted_at = _parse_submitted_at(d.pop("submitted_at"))

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

        delivery = cls(
            delivery_id=delivery_id,
            channel=channel,
            status=status,
            to=to,
            reason=reason,
            share_id=share_id,
            created_at=created_at,
            submitted_at=submitted_at,
            ended_at=ended_at,
        )

        delivery.additional_properties = d
        return delivery

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
