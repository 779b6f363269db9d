from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.comparison import Comparison
from ...models.error import Error
from ...models.pending_comparison import PendingComparison
from ...types import UNSET, Response


def _get_kwargs(
    *,
    from_: UUID,
    to: UUID,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_ = str(from_)
    params["from"] = json_from_

    json_to = str(to)
    params["to"] = json_to

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/corrosion/compare",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Comparison | Error | PendingComparison | None:
    if response.status_code == 200:
        response_200 = Comparison.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = PendingComparison.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

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
) -> Response[Comparison | Error | PendingComparison]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    from_: UUID,
    to: UUID,
) -> Response[Comparison | Error | PendingComparison]:
    """Compare two inspections

     Returns the trend between two inspections of one vessel, point by point, or 202 while it is
    computed. A pair or point that cannot be compared has reasons and no trend. Needs a subscription.

    Args:
        from_ (UUID):
        to (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Comparison | Error | PendingComparison]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    from_: UUID,
    to: UUID,
) -> Comparison | Error | PendingComparison | None:
    """Compare two inspections

     Returns the trend between two inspections of one vessel, point by point, or 202 while it is
    computed. A pair or point that cannot be compared has reasons and no trend. Needs a subscription.

    Args:
        from_ (UUID):
        to (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Comparison | Error | PendingComparison
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_: UUID,
    to: UUID,
) -> Response[Comparison | Error | PendingComparison]:
    """Compare two inspections

     Returns the trend between two inspections of one vessel, point by point, or 202 while it is
    computed. A pair or point that cannot be compared has reasons and no trend. Needs a subscription.

    Args:
        from_ (UUID):
        to (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Comparison | Error | PendingComparison]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_: UUID,
    to: UUID,
) -> Comparison | Error | PendingComparison | None:
    """Compare two inspections

     Returns the trend between two inspections of one vessel, point by point, or 202 while it is
    computed. A pair or point that cannot be compared has reasons and no trend. Needs a subscription.

    Args:
        from_ (UUID):
        to (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Comparison | Error | PendingComparison
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
        )
    ).parsed
