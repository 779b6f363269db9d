from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.email_disabled import EmailDisabled
    from ..models.kind_preference import KindPreference
    from ..models.quiet_hours import QuietHours


T = TypeVar("T", bound="Preferences")


@_attrs_define
class Preferences:
    """
    Attributes:
        kinds (list[KindPreference]):
        quiet_hours (None | QuietHours): No push and no mail then, but for what is urgent.
        time_zone (str):
        locale (str):
        email_disabled (EmailDisabled | None): Set while mail to the account's address does not arrive or is not wanted
            there.
    """

    kinds: list[KindPreference]
    quiet_hours: None | QuietHours
    time_zone: str
    locale: str
    email_disabled: EmailDisabled | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.email_disabled import EmailDisabled  # noqa: PLC0415
        from ..models.quiet_hours import QuietHours  # noqa: PLC0415

        kinds = []
        for kinds_item_data in self.kinds:
            kinds_item = kinds_item_data.to_dict()
            kinds.append(kinds_item)

        quiet_hours: dict[str, Any] | None
        if isinstance(self.quiet_hours, QuietHours):
            quiet_hours = self.quiet_hours.to_dict()
        else:
            quiet_hours = self.quiet_hours

        time_zone = self.time_zone

        locale = self.locale

        email_disabled: dict[str, Any] | None
        if isinstance(self.email_disabled, EmailDisabled):
            email_disabled = self.email_disabled.to_dict()
        else:
            email_disabled = self.email_disabled

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kinds": kinds,
                "quiet_hours": quiet_hours,
                "time_zone": time_zone,
                "locale": locale,
                "email_disabled": email_disabled,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.email_disabled import EmailDisabled  # noqa: PLC0415
        from ..models.kind_preference import KindPreference  # noqa: PLC0415
        from ..models.quiet_hours import QuietHours  # noqa: PLC0415

        d = dict(src_dict)
        kinds = []
        _kinds = d.pop("kinds")
        for kinds_item_data in _kinds:
            kinds_item = KindPreference.from_dict(kinds_item_data)

            kinds.append(kinds_item)

        def _parse_quiet_hours(data: object) -> None | QuietHours:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                quiet_hours_type_0 = QuietHours.from_dict(data)

                return quiet_hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QuietHours, data)

        quiet_hours = _parse_quiet_hours(d.pop("quiet_hours"))

        time_zone = d.pop("time_zone")

        locale = d.pop("locale")

        def _parse_email_disabled(data: object) -> EmailDisabled | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                email_disabled_type_0 = EmailDisabled.from_dict(data)

                return email_disabled_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EmailDisabled | None, data)

        email_disabled = _parse_email_disabled(d.pop("email_disabled"))

        preferences = cls(
            kinds=kinds,
            quiet_hours=quiet_hours,
            time_zone=time_zone,
            locale=locale,
            email_disabled=email_disabled,
        )

        preferences.additional_properties = d
        return preferences

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
