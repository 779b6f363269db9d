from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.handover_party_enum import HandoverPartyEnum

T = TypeVar("T", bound="HandoverDispute")


@_attrs_define
class HandoverDispute:
    """
    Attributes:
        disputed_at (datetime.datetime):
        disputed_by (HandoverPartyEnum):
        decided_at (datetime.datetime | None):
    """

    disputed_at: datetime.datetime
    disputed_by: HandoverPartyEnum
    decided_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        disputed_at = self.disputed_at.isoformat()

        disputed_by = self.disputed_by.value

        decided_at: None | str
        if isinstance(self.decided_at, datetime.datetime):
            decided_at = self.decided_at.isoformat()
        else:
            decided_at = self.decided_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "disputed_at": disputed_at,
                "disputed_by": disputed_by,
                "decided_at": decided_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        disputed_at = datetime.datetime.fromisoformat(d.pop("disputed_at"))

        disputed_by = HandoverPartyEnum(d.pop("disputed_by"))

        def _parse_decided_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decided_at_type_0 = datetime.datetime.fromisoformat(data)

                return decided_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decided_at = _parse_decided_at(d.pop("decided_at"))

        handover_dispute = cls(
            disputed_at=disputed_at,
            disputed_by=disputed_by,
            decided_at=decided_at,
        )

        handover_dispute.additional_properties = d
        return handover_dispute

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
