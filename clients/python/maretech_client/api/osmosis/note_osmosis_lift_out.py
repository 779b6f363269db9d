from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.lift_out import LiftOut
from ...models.lift_out_request import LiftOutRequest
from ...types import Response


def _get_kwargs(
    vessel_id: UUID,
    *,
    body: LiftOutRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/osmosis/lift-outs/{vessel_id}".format(
            vessel_id=quote(str(vessel_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | LiftOut | None:
    if response.status_code == 200:
        response_200 = LiftOut.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(response.json())

        return response_415

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | LiftOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    vessel_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LiftOutRequest,
) -> Response[Error | LiftOut]:
    """Note the lift-out of a vessel

     Replaces what was noted before. The owner of a vessel that is still afloat is notified an hour
    before the planned time, at any hour of the day, because the gelcoat is best photographed within two
    hours. An inspection of the vessel that is submitted after its lift-out says how long after it the
    photos were taken, unless it was opened with a time of its own in `capture_context.hauled_out_at`.
    Costs nothing.

    Args:
        vessel_id (UUID):
        body (LiftOutRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LiftOut]
    """

    kwargs = _get_kwargs(
        vessel_id=vessel_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vessel_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LiftOutRequest,
) -> Error | LiftOut | None:
    """Note the lift-out of a vessel

     Replaces what was noted before. The owner of a vessel that is still afloat is notified an hour
    before the planned time, at any hour of the day, because the gelcoat is best photographed within two
    hours. An inspection of the vessel that is submitted after its lift-out says how long after it the
    photos were taken, unless it was opened with a time of its own in `capture_context.hauled_out_at`.
    Costs nothing.

    Args:
        vessel_id (UUID):
        body (LiftOutRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LiftOut
    """

    return sync_detailed(
        vessel_id=vessel_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    vessel_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LiftOutRequest,
) -> Response[Error | LiftOut]:
    """Note the lift-out of a vessel

     Replaces what was noted before. The owner of a vessel that is still afloat is notified an hour
    before the planned time, at any hour of the day, because the gelcoat is best photographed within two
    hours. An inspection of the vessel that is submitted after its lift-out says how long after it the
    photos were taken, unless it was opened with a time of its own in `capture_context.hauled_out_at`.
    Costs nothing.

    Args:
        vessel_id (UUID):
        body (LiftOutRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LiftOut]
    """

    kwargs = _get_kwargs(
        vessel_id=vessel_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vessel_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LiftOutRequest,
) -> Error | LiftOut | None:
    """Note the lift-out of a vessel

     Replaces what was noted before. The owner of a vessel that is still afloat is notified an hour
    before the planned time, at any hour of the day, because the gelcoat is best photographed within two
    hours. An inspection of the vessel that is submitted after its lift-out says how long after it the
    photos were taken, unless it was opened with a time of its own in `capture_context.hauled_out_at`.
    Costs nothing.

    Args:
        vessel_id (UUID):
        body (LiftOutRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LiftOut
    """

    return (
        await asyncio_detailed(
            vessel_id=vessel_id,
            client=client,
            body=body,
        )
    ).parsed
