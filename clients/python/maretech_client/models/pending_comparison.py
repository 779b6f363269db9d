from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.pending_enum import PendingEnum

T = TypeVar("T", bound="PendingComparison")


@_attrs_define
class PendingComparison:
    """
    Attributes:
        from_ (UUID):
        to (UUID):
        status (PendingEnum):
    """

    from_: UUID
    to: UUID
    status: PendingEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from_ = str(self.from_)

        to = str(self.to)

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from": from_,
                "to": to,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_ = UUID(d.pop("from"))

        to = UUID(d.pop("to"))

        status = PendingEnum(d.pop("status"))

        pending_comparison = cls(
            from_=from_,
            to=to,
            status=status,
        )

        pending_comparison.additional_properties = d
        return pending_comparison

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
