from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.maintenance import Maintenance
from ...models.maintenance_request import MaintenanceRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: MaintenanceRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/corrosion/maintenance",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | Maintenance | None:
    if response.status_code == 200:
        response_200 = Maintenance.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = Maintenance.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | Maintenance]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: MaintenanceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | Maintenance]:
    """Note maintenance

     Blasting and painting restart the baseline of the named points, or of all: nothing is compared
    across them. Anodes and cleaning are shown, and restart nothing. A label that no vessel of the owner
    has is 404, and makes no vessel: a typing error would leave the comparisons of the real vessel
    unchanged. The same entry again is 200 with the entry that exists. Needs a subscription.

    Args:
        idempotency_key (str | Unset):
        body (MaintenanceRequest): Names one vessel.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Maintenance]
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
    body: MaintenanceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Error | Maintenance | None:
    """Note maintenance

     Blasting and painting restart the baseline of the named points, or of all: nothing is compared
    across them. Anodes and cleaning are shown, and restart nothing. A label that no vessel of the owner
    has is 404, and makes no vessel: a typing error would leave the comparisons of the real vessel
    unchanged. The same entry again is 200 with the entry that exists. Needs a subscription.

    Args:
        idempotency_key (str | Unset):
        body (MaintenanceRequest): Names one vessel.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Maintenance
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: MaintenanceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | Maintenance]:
    """Note maintenance

     Blasting and painting restart the baseline of the named points, or of all: nothing is compared
    across them. Anodes and cleaning are shown, and restart nothing. A label that no vessel of the owner
    has is 404, and makes no vessel: a typing error would leave the comparisons of the real vessel
    unchanged. The same entry again is 200 with the entry that exists. Needs a subscription.

    Args:
        idempotency_key (str | Unset):
        body (MaintenanceRequest): Names one vessel.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Maintenance]
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
    body: MaintenanceRequest,
    idempotency_key: str | Unset = UNSET,
) -> Error | Maintenance | None:
    """Note maintenance

     Blasting and painting restart the baseline of the named points, or of all: nothing is compared
    across them. Anodes and cleaning are shown, and restart nothing. A label that no vessel of the owner
    has is 404, and makes no vessel: a typing error would leave the comparisons of the real vessel
    unchanged. The same entry again is 200 with the entry that exists. Needs a subscription.

    Args:
        idempotency_key (str | Unset):
        body (MaintenanceRequest): Names one vessel.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Maintenance
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
