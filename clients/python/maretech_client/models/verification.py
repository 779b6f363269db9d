from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verification_result_enum import VerificationResultEnum

T = TypeVar("T", bound="Verification")


@_attrs_define
class Verification:
    """
    Attributes:
        result (VerificationResultEnum):
        dated_at (datetime.datetime | None): The date on the document.
        vessel_name (None | str): As printed on the document.
        sha256 (None | str): The SHA-256 of the PDF file.
    """

    result: VerificationResultEnum
    dated_at: datetime.datetime | None
    vessel_name: None | str
    sha256: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result = self.result.value

        dated_at: None | str
        if isinstance(self.dated_at, datetime.datetime):
            dated_at = self.dated_at.isoformat()
        else:
            dated_at = self.dated_at

        vessel_name: None | str
        vessel_name = self.vessel_name

        sha256: None | str
        sha256 = self.sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "result": result,
                "dated_at": dated_at,
                "vessel_name": vessel_name,
                "sha256": sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        result = VerificationResultEnum(d.pop("result"))

        def _parse_dated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                dated_at_type_0 = datetime.datetime.fromisoformat(data)

                return dated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        dated_at = _parse_dated_at(d.pop("dated_at"))

        def _parse_vessel_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        vessel_name = _parse_vessel_name(d.pop("vessel_name"))

        def _parse_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sha256 = _parse_sha256(d.pop("sha256"))

        verification = cls(
            result=result,
            dated_at=dated_at,
            vessel_name=vessel_name,
            sha256=sha256,
        )

        verification.additional_properties = d
        return verification

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
