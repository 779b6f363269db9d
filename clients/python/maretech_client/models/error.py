from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_code_enum import ErrorCodeEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.error_fields import ErrorFields
    from ..models.missing_photo import MissingPhoto


T = TypeVar("T", bound="Error")


@_attrs_define
class Error:
    """The one error shape.

    Attributes:
        error_code (ErrorCodeEnum | str):
        message (str):
        request_id (str):
        reason (str | Unset): Of TOKEN_INVALID: `expired`: refresh the access token; `revoked`: sign in again. More may
            be added.
        reasons (list[str] | Unset): Of NOT_ELIGIBLE: every reason, in a fixed order.
        fields (ErrorFields | Unset):
        missing (list[MissingPhoto] | Unset):
        available_at (datetime.datetime | Unset): Of FORBIDDEN with the reason EMAIL_CHANGED: when it is possible again.
    """

    error_code: ErrorCodeEnum | str
    message: str
    request_id: str
    reason: str | Unset = UNSET
    reasons: list[str] | Unset = UNSET
    fields: ErrorFields | Unset = UNSET
    missing: list[MissingPhoto] | Unset = UNSET
    available_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        error_code: str
        if isinstance(self.error_code, ErrorCodeEnum):
            error_code = self.error_code.value
        else:
            error_code = self.error_code

        message = self.message

        request_id = self.request_id

        reason = self.reason

        reasons: list[str] | Unset = UNSET
        if not isinstance(self.reasons, Unset):
            reasons = self.reasons

        fields: dict[str, Any] | Unset = UNSET
        if not isinstance(self.fields, Unset):
            fields = self.fields.to_dict()

        missing: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.missing, Unset):
            missing = []
            for missing_item_data in self.missing:
                missing_item = missing_item_data.to_dict()
                missing.append(missing_item)

        available_at: str | Unset = UNSET
        if not isinstance(self.available_at, Unset):
            available_at = self.available_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "error_code": error_code,
                "message": message,
                "request_id": request_id,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reasons is not UNSET:
            field_dict["reasons"] = reasons
        if fields is not UNSET:
            field_dict["fields"] = fields
        if missing is not UNSET:
            field_dict["missing"] = missing
        if available_at is not UNSET:
            field_dict["available_at"] = available_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.error_fields import ErrorFields  # noqa: PLC0415
        from ..models.missing_photo import MissingPhoto  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_error_code(data: object) -> ErrorCodeEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                error_code_type_0 = ErrorCodeEnum(data)

                return error_code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorCodeEnum | str, data)

        error_code = _parse_error_code(d.pop("error_code"))

        message = d.pop("message")

        request_id = d.pop("request_id")

        reason = d.pop("reason", UNSET)

        reasons = cast(list[str], d.pop("reasons", UNSET))

        _fields = d.pop("fields", UNSET)
        fields: ErrorFields | Unset
        if isinstance(_fields, Unset):
            fields = UNSET
        else:
            fields = ErrorFields.from_dict(_fields)

        _missing = d.pop("missing", UNSET)
        missing: list[MissingPhoto] | Unset = UNSET
        if _missing is not UNSET:
            missing = []
            for missing_item_data in _missing:
                missing_item = MissingPhoto.from_dict(missing_item_data)

                missing.append(missing_item)

        _available_at = d.pop("available_at", UNSET)
        available_at: datetime.datetime | Unset
        if isinstance(_available_at, Unset):
            available_at = UNSET
        else:
            available_at = datetime.datetime.fromisoformat(_available_at)

        error = cls(
            error_code=error_code,
            message=message,
            request_id=request_id,
            reason=reason,
            reasons=reasons,
            fields=fields,
            missing=missing,
            available_at=available_at,
        )

        error.additional_properties = d
        return error

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
