from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.dispute import Dispute
from ...models.dispute_request import DisputeRequest
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    appointment_id: UUID,
    *,
    body: DisputeRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/appointments/{appointment_id}/dispute".format(
            appointment_id=quote(str(appointment_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Dispute | Error | None:
    if response.status_code == 201:
        response_201 = Dispute.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Dispute | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DisputeRequest,
) -> Response[Dispute | Error]:
    """Dispute an appointment

     For its owner, within 14 days after its end, if it is completed or counts as missed. Staff decide
    whether all the money goes back, a part of it, or none. 409 `NOT_ELIGIBLE` with `reason`:
    `NOT_OVER`, `TOO_LATE` or `DECIDED`. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):
        body (DisputeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Dispute | Error]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DisputeRequest,
) -> Dispute | Error | None:
    """Dispute an appointment

     For its owner, within 14 days after its end, if it is completed or counts as missed. Staff decide
    whether all the money goes back, a part of it, or none. 409 `NOT_ELIGIBLE` with `reason`:
    `NOT_OVER`, `TOO_LATE` or `DECIDED`. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):
        body (DisputeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Dispute | Error
    """

    return sync_detailed(
        appointment_id=appointment_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DisputeRequest,
) -> Response[Dispute | Error]:
    """Dispute an appointment

     For its owner, within 14 days after its end, if it is completed or counts as missed. Staff decide
    whether all the money goes back, a part of it, or none. 409 `NOT_ELIGIBLE` with `reason`:
    `NOT_OVER`, `TOO_LATE` or `DECIDED`. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):
        body (DisputeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Dispute | Error]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DisputeRequest,
) -> Dispute | Error | None:
    """Dispute an appointment

     For its owner, within 14 days after its end, if it is completed or counts as missed. Staff decide
    whether all the money goes back, a part of it, or none. 409 `NOT_ELIGIBLE` with `reason`:
    `NOT_OVER`, `TOO_LATE` or `DECIDED`. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):
        body (DisputeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Dispute | Error
    """

    return (
        await asyncio_detailed(
            appointment_id=appointment_id,
            client=client,
            body=body,
        )
    ).parsed
