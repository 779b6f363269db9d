from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.locale_enum import LocaleEnum
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.kind_preference_request import KindPreferenceRequest
    from ..models.quiet_hours_request import QuietHoursRequest


T = TypeVar("T", bound="PreferencesRequest")


@_attrs_define
class PreferencesRequest:
    """
    Attributes:
        kinds (list[KindPreferenceRequest] | Unset):
        quiet_hours (None | QuietHoursRequest | Unset):
        time_zone (str | Unset):
        locale (LocaleEnum | Unset): * `en` - English
            * `de` - German
    """

    kinds: list[KindPreferenceRequest] | Unset = UNSET
    quiet_hours: None | QuietHoursRequest | Unset = UNSET
    time_zone: str | Unset = UNSET
    locale: LocaleEnum | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.quiet_hours_request import QuietHoursRequest  # noqa: PLC0415

        kinds: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.kinds, Unset):
            kinds = []
            for kinds_item_data in self.kinds:
                kinds_item = kinds_item_data.to_dict()
                kinds.append(kinds_item)

        quiet_hours: dict[str, Any] | None | Unset
        if isinstance(self.quiet_hours, Unset):
            quiet_hours = UNSET
        elif isinstance(self.quiet_hours, QuietHoursRequest):
            quiet_hours = self.quiet_hours.to_dict()
        else:
            quiet_hours = self.quiet_hours

        time_zone = self.time_zone

        locale: str | Unset = UNSET
        if not isinstance(self.locale, Unset):
            locale = self.locale.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if kinds is not UNSET:
            field_dict["kinds"] = kinds
        if quiet_hours is not UNSET:
            field_dict["quiet_hours"] = quiet_hours
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if locale is not UNSET:
            field_dict["locale"] = locale

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.kind_preference_request import KindPreferenceRequest  # noqa: PLC0415
        from ..models.quiet_hours_request import QuietHoursRequest  # noqa: PLC0415

        d = dict(src_dict)
        _kinds = d.pop("kinds", UNSET)
        kinds: list[KindPreferenceRequest] | Unset = UNSET
        if _kinds is not UNSET:
            kinds = []
            for kinds_item_data in _kinds:
                kinds_item = KindPreferenceRequest.from_dict(kinds_item_data)

                kinds.append(kinds_item)

        def _parse_quiet_hours(data: object) -> None | QuietHoursRequest | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                quiet_hours_type_0 = QuietHoursRequest.from_dict(data)

                return quiet_hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QuietHoursRequest | Unset, data)

        quiet_hours = _parse_quiet_hours(d.pop("quiet_hours", UNSET))

        time_zone = d.pop("time_zone", UNSET)

        _locale = d.pop("locale", UNSET)
        locale: LocaleEnum | Unset
        if isinstance(_locale, Unset):
            locale = UNSET
        else:
            locale = LocaleEnum(_locale)

        preferences_request = cls(
            kinds=kinds,
            quiet_hours=quiet_hours,
            time_zone=time_zone,
            locale=locale,
        )

        preferences_request.additional_properties = d
        return preferences_request

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
