from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mode_enum import ModeEnum

T = TypeVar("T", bound="Surveyor")


@_attrs_define
class Surveyor:
    """
    Attributes:
        surveyor_id (UUID):
        name (str):
        regions (list[str]):
        modes (list[ModeEnum]):
        qualifications (list[str]):
        languages (list[str]): Codes such as `de`.
        rating (float | None): The mean of the reviews, from 1 to 5; null without one.
        rating_count (int):
    """

    surveyor_id: UUID
    name: str
    regions: list[str]
    modes: list[ModeEnum]
    qualifications: list[str]
    languages: list[str]
    rating: float | None
    rating_count: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        surveyor_id = str(self.surveyor_id)

        name = self.name

        regions = self.regions

        modes = []
        for modes_item_data in self.modes:
            modes_item = modes_item_data.value
            modes.append(modes_item)

        qualifications = self.qualifications

        languages = self.languages

        rating: float | None
        rating = self.rating

        rating_count = self.rating_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "surveyor_id": surveyor_id,
                "name": name,
                "regions": regions,
                "modes": modes,
                "qualifications": qualifications,
                "languages": languages,
                "rating": rating,
                "rating_count": rating_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        surveyor_id = UUID(d.pop("surveyor_id"))

        name = d.pop("name")

        regions = cast(list[str], d.pop("regions"))

        modes = []
        _modes = d.pop("modes")
        for modes_item_data in _modes:
            modes_item = ModeEnum(modes_item_data)

            modes.append(modes_item)

        qualifications = cast(list[str], d.pop("qualifications"))

        languages = cast(list[str], d.pop("languages"))

        def _parse_rating(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        rating = _parse_rating(d.pop("rating"))

        rating_count = d.pop("rating_count")

        surveyor = cls(
            surveyor_id=surveyor_id,
            name=name,
            regions=regions,
            modes=modes,
            qualifications=qualifications,
            languages=languages,
            rating=rating,
            rating_count=rating_count,
        )

        surveyor.additional_properties = d
        return surveyor

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
