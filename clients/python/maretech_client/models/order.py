from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.order_status_enum import OrderStatusEnum
from ..models.product_code_enum import ProductCodeEnum
from ..models.provider_enum import ProviderEnum

if TYPE_CHECKING:
    from ..models.cancellation_policy import CancellationPolicy
    from ..models.order_event import OrderEvent
    from ..models.price import Price


T = TypeVar("T", bound="Order")


@_attrs_define
class Order:
    """
    Attributes:
        order_id (UUID):
        product (ProductCodeEnum | str):
        product_version (int):
        quantity (int):
        price (Price):
        is_test (bool): A test purchase in a store: nothing was paid.
        policy (CancellationPolicy):
        provider (ProviderEnum | str):
        status (OrderStatusEnum | str):
        cancellable (bool):
        created_at (datetime.datetime):
        paid_at (datetime.datetime | None):
        history (list[OrderEvent]):
    """

    order_id: UUID
    product: ProductCodeEnum | str
    product_version: int
    quantity: int
    price: Price
    is_test: bool
    policy: CancellationPolicy
    provider: ProviderEnum | str
    status: OrderStatusEnum | str
    cancellable: bool
    created_at: datetime.datetime
    paid_at: datetime.datetime | None
    history: list[OrderEvent]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        order_id = str(self.order_id)

        product: str
        if isinstance(self.product, ProductCodeEnum):
            product = self.product.value
        else:
            product = self.product

        product_version = self.product_version

        quantity = self.quantity

        price = self.price.to_dict()

        is_test = self.is_test

        policy = self.policy.to_dict()

        provider: str
        if isinstance(self.provider, ProviderEnum):
            provider = self.provider.value
        else:
            provider = self.provider

        status: str
        if isinstance(self.status, OrderStatusEnum):
            status = self.status.value
        else:
            status = self.status

        cancellable = self.cancellable

        created_at = self.created_at.isoformat()

        paid_at: None | str
        if isinstance(self.paid_at, datetime.datetime):
            paid_at = self.paid_at.isoformat()
        else:
            paid_at = self.paid_at

        history = []
        for history_item_data in self.history:
            history_item = history_item_data.to_dict()
            history.append(history_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "order_id": order_id,
                "product": product,
                "product_version": product_version,
                "quantity": quantity,
                "price": price,
                "is_test": is_test,
                "policy": policy,
                "provider": provider,
                "status": status,
                "cancellable": cancellable,
                "created_at": created_at,
                "paid_at": paid_at,
                "history": history,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cancellation_policy import CancellationPolicy  # noqa: PLC0415
        from ..models.order_event import OrderEvent  # noqa: PLC0415
        from ..models.price import Price  # noqa: PLC0415

        d = dict(src_dict)
        order_id = UUID(d.pop("order_id"))

        def _parse_product(data: object) -> ProductCodeEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                product_type_0 = ProductCodeEnum(data)

                return product_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ProductCodeEnum | str, data)

        product = _parse_product(d.pop("product"))

        product_version = d.pop("product_version")

        quantity = d.pop("quantity")

        price = Price.from_dict(d.pop("price"))

        is_test = d.pop("is_test")

        policy = CancellationPolicy.from_dict(d.pop("policy"))

        def _parse_provider(data: object) -> ProviderEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                provider_type_0 = ProviderEnum(data)

                return provider_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ProviderEnum | str, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_status(data: object) -> OrderStatusEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = OrderStatusEnum(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(OrderStatusEnum | str, data)

        status = _parse_status(d.pop("status"))

        cancellable = d.pop("cancellable")

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

        history = []
        _history = d.pop("history")
        for history_item_data in _history:
            history_item = OrderEvent.from_dict(history_item_data)

            history.append(history_item)

        order = cls(
            order_id=order_id,
            product=product,
            product_version=product_version,
            quantity=quantity,
            price=price,
            is_test=is_test,
            policy=policy,
            provider=provider,
            status=status,
            cancellable=cancellable,
            created_at=created_at,
            paid_at=paid_at,
            history=history,
        )

        order.additional_properties = d
        return order

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
