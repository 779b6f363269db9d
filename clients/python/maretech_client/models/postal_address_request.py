from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PostalAddressRequest")


@_attrs_define
class PostalAddressRequest:
    """
    Attributes:
        name (str): Of the person or the firm.
        lines (list[str]): Street and number, and a second line if need be: 50 characters together.
        postal_code (str):
        city (str):
        country (str): Two letters (ISO 3166-1).
        state (str | Unset): Needed in the United States.
    """

    name: str
    lines: list[str]
    postal_code: str
    city: str
    country: str
    state: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        lines = self.lines

        postal_code = self.postal_code

        city = self.city

        country = self.country

        state = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "lines": lines,
                "postal_code": postal_code,
                "city": city,
                "country": country,
            }
        )
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        lines = cast(list[str], d.pop("lines"))

        postal_code = d.pop("postal_code")

        city = d.pop("city")

        country = d.pop("country")

        state = d.pop("state", UNSET)

        postal_address_request = cls(
            name=name,
            lines=lines,
            postal_code=postal_code,
            city=city,
            country=country,
            state=state,
        )

        postal_address_request.additional_properties = d
        return postal_address_request

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
