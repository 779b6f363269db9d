from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.surveyor import Surveyor
from ...types import Response


def _get_kwargs(
    surveyor_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/surveyors/{surveyor_id}".format(
            surveyor_id=quote(str(surveyor_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | Surveyor | None:
    if response.status_code == 200:
        response_200 = Surveyor.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | Surveyor]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    surveyor_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Error | Surveyor]:
    """Show a surveyor

     Returns what staff keep of a listed surveyor: names and text, no position.

    Args:
        surveyor_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Surveyor]
    """

    kwargs = _get_kwargs(
        surveyor_id=surveyor_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    surveyor_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Error | Surveyor | None:
    """Show a surveyor

     Returns what staff keep of a listed surveyor: names and text, no position.

    Args:
        surveyor_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Surveyor
    """

    return sync_detailed(
        surveyor_id=surveyor_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    surveyor_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Error | Surveyor]:
    """Show a surveyor

     Returns what staff keep of a listed surveyor: names and text, no position.

    Args:
        surveyor_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Surveyor]
    """

    kwargs = _get_kwargs(
        surveyor_id=surveyor_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    surveyor_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Error | Surveyor | None:
    """Show a surveyor

     Returns what staff keep of a listed surveyor: names and text, no position.

    Args:
        surveyor_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Surveyor
    """

    return (
        await asyncio_detailed(
            surveyor_id=surveyor_id,
            client=client,
        )
    ).parsed
