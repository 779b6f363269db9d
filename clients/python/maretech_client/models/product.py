from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plan_enum import PlanEnum
from ..models.product_code_enum import ProductCodeEnum
from ..models.product_kind_enum import ProductKindEnum

if TYPE_CHECKING:
    from ..models.cancellation_policy import CancellationPolicy
    from ..models.price import Price


T = TypeVar("T", bound="Product")


@_attrs_define
class Product:
    """
    Attributes:
        code (ProductCodeEnum | str):
        kind (ProductKindEnum | str):
        price (Price):
        period (None | PlanEnum):
        policy (CancellationPolicy):
    """

    code: ProductCodeEnum | str
    kind: ProductKindEnum | str
    price: Price
    period: None | PlanEnum
    policy: CancellationPolicy
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code: str
        if isinstance(self.code, ProductCodeEnum):
            code = self.code.value
        else:
            code = self.code

        kind: str
        if isinstance(self.kind, ProductKindEnum):
            kind = self.kind.value
        else:
            kind = self.kind

        price = self.price.to_dict()

        period: None | str
        if isinstance(self.period, PlanEnum):
            period = self.period.value
        else:
            period = self.period

        policy = self.policy.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "kind": kind,
                "price": price,
                "period": period,
                "policy": policy,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cancellation_policy import CancellationPolicy  # noqa: PLC0415
        from ..models.price import Price  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_code(data: object) -> ProductCodeEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                code_type_0 = ProductCodeEnum(data)

                return code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ProductCodeEnum | str, data)

        code = _parse_code(d.pop("code"))

        def _parse_kind(data: object) -> ProductKindEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                kind_type_0 = ProductKindEnum(data)

                return kind_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ProductKindEnum | str, data)

        kind = _parse_kind(d.pop("kind"))

        price = Price.from_dict(d.pop("price"))

        def _parse_period(data: object) -> None | PlanEnum:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                period_type_0 = PlanEnum(data)

                return period_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PlanEnum, data)

        period = _parse_period(d.pop("period"))

        policy = CancellationPolicy.from_dict(d.pop("policy"))

        product = cls(
            code=code,
            kind=kind,
            price=price,
            period=period,
            policy=policy,
        )

        product.additional_properties = d
        return product

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
