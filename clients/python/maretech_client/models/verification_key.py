from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="VerificationKey")


@_attrs_define
class VerificationKey:
    """
    Attributes:
        kty (str):
        crv (str):
        kid (str):
        x (str): The public key: 32 bytes in unpadded base64url.
        alg (str):
        use (str):
    """

    kty: str
    crv: str
    kid: str
    x: str
    alg: str
    use: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kty = self.kty

        crv = self.crv

        kid = self.kid

        x = self.x

        alg = self.alg

        use = self.use

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kty": kty,
                "crv": crv,
                "kid": kid,
                "x": x,
                "alg": alg,
                "use": use,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kty = d.pop("kty")

        crv = d.pop("crv")

        kid = d.pop("kid")

        x = d.pop("x")

        alg = d.pop("alg")

        use = d.pop("use")

        verification_key = cls(
            kty=kty,
            crv=crv,
            kid=kid,
            x=x,
            alg=alg,
            use=use,
        )

        verification_key.additional_properties = d
        return verification_key

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
