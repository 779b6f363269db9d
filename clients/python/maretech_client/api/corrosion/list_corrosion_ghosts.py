from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.ghosts import Ghosts
from ...types import UNSET, Response


def _get_kwargs(
    *,
    for_: UUID,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_for_ = str(for_)
    params["for"] = json_for_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/corrosion/ghosts",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | Ghosts | None:
    if response.status_code == 200:
        response_200 = Ghosts.from_dict(response.json())

        return response_200

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | Ghosts]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    for_: UUID,
) -> Response[Error | Ghosts]:
    """List earlier photos to line up with

     Returns the last accepted photo of each point and angle from earlier visits to the same vessel; none
    on a first visit. Needs a subscription.

    Args:
        for_ (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Ghosts]
    """

    kwargs = _get_kwargs(
        for_=for_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    for_: UUID,
) -> Error | Ghosts | None:
    """List earlier photos to line up with

     Returns the last accepted photo of each point and angle from earlier visits to the same vessel; none
    on a first visit. Needs a subscription.

    Args:
        for_ (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Ghosts
    """

    return sync_detailed(
        client=client,
        for_=for_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    for_: UUID,
) -> Response[Error | Ghosts]:
    """List earlier photos to line up with

     Returns the last accepted photo of each point and angle from earlier visits to the same vessel; none
    on a first visit. Needs a subscription.

    Args:
        for_ (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Ghosts]
    """

    kwargs = _get_kwargs(
        for_=for_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    for_: UUID,
) -> Error | Ghosts | None:
    """List earlier photos to line up with

     Returns the last accepted photo of each point and angle from earlier visits to the same vessel; none
    on a first visit. Needs a subscription.

    Args:
        for_ (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Ghosts
    """

    return (
        await asyncio_detailed(
            client=client,
            for_=for_,
        )
    ).parsed
