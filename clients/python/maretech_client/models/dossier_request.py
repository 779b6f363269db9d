from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dossier_paper_enum import DossierPaperEnum
from ..models.locale_enum import LocaleEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="DossierRequest")


@_attrs_define
class DossierRequest:
    """
    Attributes:
        inspection_ids (list[UUID]): Inspections of one mode and one vessel, in the order in which they are shown.
        statement (str | Unset): The owner's own words, printed as such. Characters that no font of the document draws
            are refused.
        language (LocaleEnum | Unset): * `en` - English
            * `de` - German
        paper (DossierPaperEnum | Unset):
    """

    inspection_ids: list[UUID]
    statement: str | Unset = UNSET
    language: LocaleEnum | Unset = UNSET
    paper: DossierPaperEnum | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_ids = []
        for inspection_ids_item_data in self.inspection_ids:
            inspection_ids_item = str(inspection_ids_item_data)
            inspection_ids.append(inspection_ids_item)

        statement = self.statement

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language.value

        paper: str | Unset = UNSET
        if not isinstance(self.paper, Unset):
            paper = self.paper.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_ids": inspection_ids,
            }
        )
        if statement is not UNSET:
            field_dict["statement"] = statement
        if language is not UNSET:
            field_dict["language"] = language
        if paper is not UNSET:
            field_dict["paper"] = paper

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        inspection_ids = []
        _inspection_ids = d.pop("inspection_ids")
        for inspection_ids_item_data in _inspection_ids:
            inspection_ids_item = UUID(inspection_ids_item_data)

            inspection_ids.append(inspection_ids_item)

        statement = d.pop("statement", UNSET)

        _language = d.pop("language", UNSET)
        language: LocaleEnum | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = LocaleEnum(_language)

        _paper = d.pop("paper", UNSET)
        paper: DossierPaperEnum | Unset
        if isinstance(_paper, Unset):
            paper = UNSET
        else:
            paper = DossierPaperEnum(_paper)

        dossier_request = cls(
            inspection_ids=inspection_ids,
            statement=statement,
            language=language,
            paper=paper,
        )

        dossier_request.additional_properties = d
        return dossier_request

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
