from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.device import Device
from ...models.device_request import DeviceRequest
from ...models.error import Error
from ...models.web_device_request import WebDeviceRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: DeviceRequest | WebDeviceRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/auth/me/devices",
    }

    if isinstance(body, DeviceRequest):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Device | Error | None:
    if response.status_code == 201:
        response_201 = Device.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Error.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Error.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Error.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Device | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: DeviceRequest | WebDeviceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Device | Error]:
    """Register a device for push

     Sends this owner's notifications to the device. Registering the same token or the same endpoint
    again returns the same device. A browser registers the subscription that it got from its push
    service; the service must be on our list.

    Args:
        idempotency_key (str | Unset):
        body (DeviceRequest | WebDeviceRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Device | Error]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: DeviceRequest | WebDeviceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Device | Error | None:
    """Register a device for push

     Sends this owner's notifications to the device. Registering the same token or the same endpoint
    again returns the same device. A browser registers the subscription that it got from its push
    service; the service must be on our list.

    Args:
        idempotency_key (str | Unset):
        body (DeviceRequest | WebDeviceRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Device | Error
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: DeviceRequest | WebDeviceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Device | Error]:
    """Register a device for push

     Sends this owner's notifications to the device. Registering the same token or the same endpoint
    again returns the same device. A browser registers the subscription that it got from its push
    service; the service must be on our list.

    Args:
        idempotency_key (str | Unset):
        body (DeviceRequest | WebDeviceRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Device | Error]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: DeviceRequest | WebDeviceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Device | Error | None:
    """Register a device for push

     Sends this owner's notifications to the device. Registering the same token or the same endpoint
    again returns the same device. A browser registers the subscription that it got from its push
    service; the service must be on our list.

    Args:
        idempotency_key (str | Unset):
        body (DeviceRequest | WebDeviceRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Device | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
