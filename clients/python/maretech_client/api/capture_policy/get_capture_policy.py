from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.capture_policy import CapturePolicy
from ...models.error import Error
from ...models.mode_enum import ModeEnum
from ...types import Response


def _get_kwargs(
    mode: ModeEnum,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/capture-policy/{mode}".format(
            mode=quote(str(mode), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CapturePolicy | Error | None:
    if response.status_code == 200:
        response_200 = CapturePolicy.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CapturePolicy | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    mode: ModeEnum,
    *,
    client: AuthenticatedClient,
) -> Response[CapturePolicy | Error]:
    """Read what to photograph

     Returns the current capture policy of a mode: points, angles, and the limits that a photo must keep.
    Read it before each inspection; staff change it without a release of the app.

    Args:
        mode (ModeEnum):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CapturePolicy | Error]
    """

    kwargs = _get_kwargs(
        mode=mode,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    mode: ModeEnum,
    *,
    client: AuthenticatedClient,
) -> CapturePolicy | Error | None:
    """Read what to photograph

     Returns the current capture policy of a mode: points, angles, and the limits that a photo must keep.
    Read it before each inspection; staff change it without a release of the app.

    Args:
        mode (ModeEnum):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CapturePolicy | Error
    """

    return sync_detailed(
        mode=mode,
        client=client,
    ).parsed


async def asyncio_detailed(
    mode: ModeEnum,
    *,
    client: AuthenticatedClient,
) -> Response[CapturePolicy | Error]:
    """Read what to photograph

     Returns the current capture policy of a mode: points, angles, and the limits that a photo must keep.
    Read it before each inspection; staff change it without a release of the app.

    Args:
        mode (ModeEnum):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CapturePolicy | Error]
    """

    kwargs = _get_kwargs(
        mode=mode,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    mode: ModeEnum,
    *,
    client: AuthenticatedClient,
) -> CapturePolicy | Error | None:
    """Read what to photograph

     Returns the current capture policy of a mode: points, angles, and the limits that a photo must keep.
    Read it before each inspection; staff change it without a release of the app.

    Args:
        mode (ModeEnum):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CapturePolicy | Error
    """

    return (
        await asyncio_detailed(
            mode=mode,
            client=client,
        )
    ).parsed
