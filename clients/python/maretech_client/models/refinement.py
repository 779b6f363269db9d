from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.refinement_state_enum import RefinementStateEnum

if TYPE_CHECKING:
    from ..models.wording_change import WordingChange


T = TypeVar("T", bound="Refinement")


@_attrs_define
class Refinement:
    """
    Attributes:
        state (RefinementStateEnum):
        text (None | str):
        changes (list[WordingChange]):
        engine (None | str): The program that proposes the wording.
    """

    state: RefinementStateEnum
    text: None | str
    changes: list[WordingChange]
    engine: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state = self.state.value

        text: None | str
        text = self.text

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        engine: None | str
        engine = self.engine

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "state": state,
                "text": text,
                "changes": changes,
                "engine": engine,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.wording_change import WordingChange  # noqa: PLC0415

        d = dict(src_dict)
        state = RefinementStateEnum(d.pop("state"))

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = WordingChange.from_dict(changes_item_data)

            changes.append(changes_item)

        def _parse_engine(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        engine = _parse_engine(d.pop("engine"))

        refinement = cls(
            state=state,
            text=text,
            changes=changes,
            engine=engine,
        )

        refinement.additional_properties = d
        return refinement

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
