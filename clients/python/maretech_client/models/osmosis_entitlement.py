from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.price import Price


T = TypeVar("T", bound="OsmosisEntitlement")


@_attrs_define
class OsmosisEntitlement:
    """
    Attributes:
        paid (bool):
        credits_ (int):
        credits_held (int):
        price (Price):
    """

    paid: bool
    credits_: int
    credits_held: int
    price: Price
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        paid = self.paid

        credits_ = self.credits_

        credits_held = self.credits_held

        price = self.price.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "paid": paid,
                "credits": credits_,
                "credits_held": credits_held,
                "price": price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.price import Price  # noqa: PLC0415

        d = dict(src_dict)
        paid = d.pop("paid")

        credits_ = d.pop("credits")

        credits_held = d.pop("credits_held")

        price = Price.from_dict(d.pop("price"))

        osmosis_entitlement = cls(
            paid=paid,
            credits_=credits_,
            credits_held=credits_held,
            price=price,
        )

        osmosis_entitlement.additional_properties = d
        return osmosis_entitlement

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
