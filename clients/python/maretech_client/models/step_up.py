from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.step_up_channel_enum import StepUpChannelEnum

T = TypeVar("T", bound="StepUp")


@_attrs_define
class StepUp:
    """
    Attributes:
        channel (StepUpChannelEnum): * `authenticator` - authenticator app
        code_minutes (int): Minutes in which the code works, from when it was sent.
        tries (int): How often a code can be tried.
    """

    channel: StepUpChannelEnum
    code_minutes: int
    tries: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel.value

        code_minutes = self.code_minutes

        tries = self.tries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "code_minutes": code_minutes,
                "tries": tries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = StepUpChannelEnum(d.pop("channel"))

        code_minutes = d.pop("code_minutes")

        tries = d.pop("tries")

        step_up = cls(
            channel=channel,
            code_minutes=code_minutes,
            tries=tries,
        )

        step_up.additional_properties = d
        return step_up

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
