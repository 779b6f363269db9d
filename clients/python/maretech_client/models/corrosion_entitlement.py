from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plan_enum import PlanEnum

T = TypeVar("T", bound="CorrosionEntitlement")


@_attrs_define
class CorrosionEntitlement:
    """
    Attributes:
        free_points (int):
        corrosion_free_used (bool):
        corrosion_points_allowed (int):
        subscription_active (bool):
        plan (None | PlanEnum):
    """

    free_points: int
    corrosion_free_used: bool
    corrosion_points_allowed: int
    subscription_active: bool
    plan: None | PlanEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        free_points = self.free_points

        corrosion_free_used = self.corrosion_free_used

        corrosion_points_allowed = self.corrosion_points_allowed

        subscription_active = self.subscription_active

        plan: None | str
        if isinstance(self.plan, PlanEnum):
            plan = self.plan.value
        else:
            plan = self.plan

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "free_points": free_points,
                "corrosion_free_used": corrosion_free_used,
                "corrosion_points_allowed": corrosion_points_allowed,
                "subscription_active": subscription_active,
                "plan": plan,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        free_points = d.pop("free_points")

        corrosion_free_used = d.pop("corrosion_free_used")

        corrosion_points_allowed = d.pop("corrosion_points_allowed")

        subscription_active = d.pop("subscription_active")

        def _parse_plan(data: object) -> None | PlanEnum:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                plan_type_0 = PlanEnum(data)

                return plan_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PlanEnum, data)

        plan = _parse_plan(d.pop("plan"))

        corrosion_entitlement = cls(
            free_points=free_points,
            corrosion_free_used=corrosion_free_used,
            corrosion_points_allowed=corrosion_points_allowed,
            subscription_active=subscription_active,
            plan=plan,
        )

        corrosion_entitlement.additional_properties = d
        return corrosion_entitlement

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
