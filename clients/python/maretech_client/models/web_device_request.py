from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.web_platform_enum import WebPlatformEnum

if TYPE_CHECKING:
    from ..models.push_subscription_request import PushSubscriptionRequest


T = TypeVar("T", bound="WebDeviceRequest")


@_attrs_define
class WebDeviceRequest:
    """
    Attributes:
        platform (WebPlatformEnum):
        subscription (PushSubscriptionRequest):
    """

    platform: WebPlatformEnum
    subscription: PushSubscriptionRequest
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        platform = self.platform.value

        subscription = self.subscription.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "platform": platform,
                "subscription": subscription,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.push_subscription_request import PushSubscriptionRequest  # noqa: PLC0415

        d = dict(src_dict)
        platform = WebPlatformEnum(d.pop("platform"))

        subscription = PushSubscriptionRequest.from_dict(d.pop("subscription"))

        web_device_request = cls(
            platform=platform,
            subscription=subscription,
        )

        web_device_request.additional_properties = d
        return web_device_request

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
