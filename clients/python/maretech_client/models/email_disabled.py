from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.email_disabled_reason_enum import EmailDisabledReasonEnum

T = TypeVar("T", bound="EmailDisabled")


@_attrs_define
class EmailDisabled:
    """
    Attributes:
        reason (EmailDisabledReasonEnum | str):
        at (datetime.datetime):
    """

    reason: EmailDisabledReasonEnum | str
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reason: str
        if isinstance(self.reason, EmailDisabledReasonEnum):
            reason = self.reason.value
        else:
            reason = self.reason

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reason": reason,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_reason(data: object) -> EmailDisabledReasonEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = EmailDisabledReasonEnum(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EmailDisabledReasonEnum | str, data)

        reason = _parse_reason(d.pop("reason"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        email_disabled = cls(
            reason=reason,
            at=at,
        )

        email_disabled.additional_properties = d
        return email_disabled

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
