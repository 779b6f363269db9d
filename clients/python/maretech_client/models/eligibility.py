from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dossier_obstacle_enum import DossierObstacleEnum

T = TypeVar("T", bound="Eligibility")


@_attrs_define
class Eligibility:
    """
    Attributes:
        eligible (bool):
        reasons (list[DossierObstacleEnum | str]): not_completed, no_usable_photos, too_old. More may be added.
        photograph_again_after (datetime.datetime | None): When a completed inspection is too old for a dossier; null
            for another.
    """

    eligible: bool
    reasons: list[DossierObstacleEnum | str]
    photograph_again_after: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        eligible = self.eligible

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item: str
            if isinstance(reasons_item_data, DossierObstacleEnum):
                reasons_item = reasons_item_data.value
            else:
                reasons_item = reasons_item_data
            reasons.append(reasons_item)

        photograph_again_after: None | str
        if isinstance(self.photograph_again_after, datetime.datetime):
            photograph_again_after = self.photograph_again_after.isoformat()
        else:
            photograph_again_after = self.photograph_again_after

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "eligible": eligible,
                "reasons": reasons,
                "photograph_again_after": photograph_again_after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        eligible = d.pop("eligible")

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:

            def _parse_reasons_item(data: object) -> DossierObstacleEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    reasons_item_type_0 = DossierObstacleEnum(data)

                    return reasons_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(DossierObstacleEnum | str, data)

            reasons_item = _parse_reasons_item(reasons_item_data)

            reasons.append(reasons_item)

        def _parse_photograph_again_after(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                photograph_again_after_type_0 = datetime.datetime.fromisoformat(data)

                return photograph_again_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        photograph_again_after = _parse_photograph_again_after(d.pop("photograph_again_after"))

        eligibility = cls(
            eligible=eligible,
            reasons=reasons,
            photograph_again_after=photograph_again_after,
        )

        eligibility.additional_properties = d
        return eligibility

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
