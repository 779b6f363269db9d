from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.open_point_request import OpenPointRequest
from ...models.opened_point import OpenedPoint
from ...types import UNSET, Response, Unset


def _get_kwargs(
    inspection_id: UUID,
    *,
    body: OpenPointRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/inspections/{inspection_id}/slots".format(
            inspection_id=quote(str(inspection_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | OpenedPoint | None:
    if response.status_code == 201:
        response_201 = OpenedPoint.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | OpenedPoint]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    body: OpenPointRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | OpenedPoint]:
    """Open the next point

     Returns the upload links of the next point. The first call returns point 1, which was reserved when
    the inspection was opened.

    Args:
        inspection_id (UUID):
        idempotency_key (str | Unset):
        body (OpenPointRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | OpenedPoint]
    """

    kwargs = _get_kwargs(
        inspection_id=inspection_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    body: OpenPointRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Error | OpenedPoint | None:
    """Open the next point

     Returns the upload links of the next point. The first call returns point 1, which was reserved when
    the inspection was opened.

    Args:
        inspection_id (UUID):
        idempotency_key (str | Unset):
        body (OpenPointRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | OpenedPoint
    """

    return sync_detailed(
        inspection_id=inspection_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    body: OpenPointRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | OpenedPoint]:
    """Open the next point

     Returns the upload links of the next point. The first call returns point 1, which was reserved when
    the inspection was opened.

    Args:
        inspection_id (UUID):
        idempotency_key (str | Unset):
        body (OpenPointRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | OpenedPoint]
    """

    kwargs = _get_kwargs(
        inspection_id=inspection_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    body: OpenPointRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Error | OpenedPoint | None:
    """Open the next point

     Returns the upload links of the next point. The first call returns point 1, which was reserved when
    the inspection was opened.

    Args:
        inspection_id (UUID):
        idempotency_key (str | Unset):
        body (OpenPointRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | OpenedPoint
    """

    return (
        await asyncio_detailed(
            inspection_id=inspection_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
