from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.notification_kind_enum import NotificationKindEnum

T = TypeVar("T", bound="KindPreference")


@_attrs_define
class KindPreference:
    """
    Attributes:
        kind (NotificationKindEnum | str):
        push (bool | None): Null where this kind does not go by it.
        email (bool | None):
        can_be_switched_off (bool):
    """

    kind: NotificationKindEnum | str
    push: bool | None
    email: bool | None
    can_be_switched_off: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind: str
        if isinstance(self.kind, NotificationKindEnum):
            kind = self.kind.value
        else:
            kind = self.kind

        push: bool | None
        push = self.push

        email: bool | None
        email = self.email

        can_be_switched_off = self.can_be_switched_off

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "push": push,
                "email": email,
                "can_be_switched_off": can_be_switched_off,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_kind(data: object) -> NotificationKindEnum | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                kind_type_0 = NotificationKindEnum(data)

                return kind_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NotificationKindEnum | str, data)

        kind = _parse_kind(d.pop("kind"))

        def _parse_push(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        push = _parse_push(d.pop("push"))

        def _parse_email(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        email = _parse_email(d.pop("email"))

        can_be_switched_off = d.pop("can_be_switched_off")

        kind_preference = cls(
            kind=kind,
            push=push,
            email=email,
            can_be_switched_off=can_be_switched_off,
        )

        kind_preference.additional_properties = d
        return kind_preference

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
