from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plan_enum import PlanEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="MockSubscriptionRequest")


@_attrs_define
class MockSubscriptionRequest:
    """
    Attributes:
        active (bool):
        plan (PlanEnum | Unset):  Default: PlanEnum.MONTHLY.
    """

    active: bool
    plan: PlanEnum | Unset = PlanEnum.MONTHLY
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        active = self.active

        plan: str | Unset = UNSET
        if not isinstance(self.plan, Unset):
            plan = self.plan.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active": active,
            }
        )
        if plan is not UNSET:
            field_dict["plan"] = plan

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        active = d.pop("active")

        _plan = d.pop("plan", UNSET)
        plan: PlanEnum | Unset
        if isinstance(_plan, Unset):
            plan = UNSET
        else:
            plan = PlanEnum(_plan)

        mock_subscription_request = cls(
            active=active,
            plan=plan,
        )

        mock_subscription_request.additional_properties = d
        return mock_subscription_request

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
