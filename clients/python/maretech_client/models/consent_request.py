from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.document_enum import DocumentEnum
from ..models.document_version_enum import DocumentVersionEnum

T = TypeVar("T", bound="ConsentRequest")


@_attrs_define
class ConsentRequest:
    """
    Attributes:
        document (DocumentEnum):
        version (DocumentVersionEnum):
    """

    document: DocumentEnum
    version: DocumentVersionEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        document = self.document.value

        version = self.version.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "document": document,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        document = DocumentEnum(d.pop("document"))

        version = DocumentVersionEnum(d.pop("version"))

        consent_request = cls(
            document=document,
            version=version,
        )

        consent_request.additional_properties = d
        return consent_request

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
