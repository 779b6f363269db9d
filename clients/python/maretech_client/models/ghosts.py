from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.ghost import Ghost


T = TypeVar("T", bound="Ghosts")


@_attrs_define
class Ghosts:
    """
    Attributes:
        ghosts (list[Ghost]):
    """

    ghosts: list[Ghost]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ghosts = []
        for ghosts_item_data in self.ghosts:
            ghosts_item = ghosts_item_data.to_dict()
            ghosts.append(ghosts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ghosts": ghosts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ghost import Ghost  # noqa: PLC0415

        d = dict(src_dict)
        ghosts = []
        _ghosts = d.pop("ghosts")
        for ghosts_item_data in _ghosts:
            ghosts_item = Ghost.from_dict(ghosts_item_data)

            ghosts.append(ghosts_item)

        ghosts = cls(
            ghosts=ghosts,
        )

        ghosts.additional_properties = d
        return ghosts

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
