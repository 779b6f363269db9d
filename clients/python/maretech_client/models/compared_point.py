from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.incomparable_reason_enum import IncomparableReasonEnum
from ..models.trend_enum import TrendEnum

T = TypeVar("T", bound="ComparedPoint")


@_attrs_define
class ComparedPoint:
    """
    Attributes:
        point_index (int):
        trend (None | TrendEnum):
        reasons (list[IncomparableReasonEnum | str]):
        from_photo_url (None | str):
        to_photo_url (None | str):
        overlay_url (None | str):
    """

    point_index: int
    trend: None | TrendEnum
    reasons: list[IncomparableReasonEnum | str]
    from_photo_url: None | str
    to_photo_url: None | str
    overlay_url: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        point_index = self.point_index

        trend: None | str
        if isinstance(self.trend, TrendEnum):
            trend = self.trend.value
        else:
            trend = self.trend

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item: str
            if isinstance(reasons_item_data, IncomparableReasonEnum):
                reasons_item = reasons_item_data.value
            else:
                reasons_item = reasons_item_data
            reasons.append(reasons_item)

        from_photo_url: None | str
        from_photo_url = self.from_photo_url

        to_photo_url: None | str
        to_photo_url = self.to_photo_url

        overlay_url: None | str
        overlay_url = self.overlay_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "point_index": point_index,
                "trend": trend,
                "reasons": reasons,
                "from_photo_url": from_photo_url,
                "to_photo_url": to_photo_url,
                "overlay_url": overlay_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        point_index = d.pop("point_index")

        def _parse_trend(data: object) -> None | TrendEnum:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                trend_type_0 = TrendEnum(data)

                return trend_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TrendEnum, data)

        trend = _parse_trend(d.pop("trend"))

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:

            def _parse_reasons_item(data: object) -> IncomparableReasonEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    reasons_item_type_0 = IncomparableReasonEnum(data)

                    return reasons_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(IncomparableReasonEnum | str, data)

            reasons_item = _parse_reasons_item(reasons_item_data)

            reasons.append(reasons_item)

        def _parse_from_photo_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        from_photo_url = _parse_from_photo_url(d.pop("from_photo_url"))

        def _parse_to_photo_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        to_photo_url = _parse_to_photo_url(d.pop("to_photo_url"))

        def _parse_overlay_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        overlay_url = _parse_overlay_url(d.pop("overlay_url"))

        compared_point = cls(
            point_index=point_index,
            trend=trend,
            reasons=reasons,
            from_photo_url=from_photo_url,
            to_photo_url=to_photo_url,
            overlay_url=overlay_url,
        )

        compared_point.additional_properties = d
        return compared_point

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
