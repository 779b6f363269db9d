from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.handover_detail import HandoverDetail
from ...types import Response


def _get_kwargs(
    handover_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/handovers/{handover_id}/decline".format(
            handover_id=quote(str(handover_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | HandoverDetail | None:
    if response.status_code == 200:
        response_200 = HandoverDetail.from_dict(response.json())

        return response_200

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Error | HandoverDetail]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    handover_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Error | HandoverDetail]:
    """Decline an offer

     For the buyer, before the handover is completed.

    Args:
        handover_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | HandoverDetail]
    """

    kwargs = _get_kwargs(
        handover_id=handover_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    handover_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Error | HandoverDetail | None:
    """Decline an offer

     For the buyer, before the handover is completed.

    Args:
        handover_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | HandoverDetail
    """

    return sync_detailed(
        handover_id=handover_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    handover_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Error | HandoverDetail]:
    """Decline an offer

     For the buyer, before the handover is completed.

    Args:
        handover_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | HandoverDetail]
    """

    kwargs = _get_kwargs(
        handover_id=handover_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    handover_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Error | HandoverDetail | None:
    """Decline an offer

     For the buyer, before the handover is completed.

    Args:
        handover_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | HandoverDetail
    """

    return (
        await asyncio_detailed(
            handover_id=handover_id,
            client=client,
        )
    ).parsed
