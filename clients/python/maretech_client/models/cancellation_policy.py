from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CancellationPolicy")


@_attrs_define
class CancellationPolicy:
    """
    Attributes:
        cancel_within_hours (int):
        while_unused (bool):
    """

    cancel_within_hours: int
    while_unused: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cancel_within_hours = self.cancel_within_hours

        while_unused = self.while_unused

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cancel_within_hours": cancel_within_hours,
                "while_unused": while_unused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cancel_within_hours = d.pop("cancel_within_hours")

        while_unused = d.pop("while_unused")

        cancellation_policy = cls(
            cancel_within_hours=cancel_within_hours,
            while_unused=while_unused,
        )

        cancellation_policy.additional_properties = d
        return cancellation_policy

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
