from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.appointment import Appointment
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    appointment_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/appointments/{appointment_id}/complete".format(
            appointment_id=quote(str(appointment_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Appointment | Error | None:
    if response.status_code == 200:
        response_200 = Appointment.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Appointment | Error]:
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
) -> Response[Appointment | Error]:
    """Mark an appointment as completed

     For its surveyor, from its start on, once it is checked in; 403 `FORBIDDEN` for its owner. 409
    `NOT_ELIGIBLE` with the reason `NOT_CHECKED_IN` or `NOT_BEGUN`. Without a mark it completes 24 hours
    after its end. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Appointment | Error]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Appointment | Error | None:
    """Mark an appointment as completed

     For its surveyor, from its start on, once it is checked in; 403 `FORBIDDEN` for its owner. 409
    `NOT_ELIGIBLE` with the reason `NOT_CHECKED_IN` or `NOT_BEGUN`. Without a mark it completes 24 hours
    after its end. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Appointment | Error
    """

    return sync_detailed(
        appointment_id=appointment_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Appointment | Error]:
    """Mark an appointment as completed

     For its surveyor, from its start on, once it is checked in; 403 `FORBIDDEN` for its owner. 409
    `NOT_ELIGIBLE` with the reason `NOT_CHECKED_IN` or `NOT_BEGUN`. Without a mark it completes 24 hours
    after its end. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Appointment | Error]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Appointment | Error | None:
    """Mark an appointment as completed

     For its surveyor, from its start on, once it is checked in; 403 `FORBIDDEN` for its owner. 409
    `NOT_ELIGIBLE` with the reason `NOT_CHECKED_IN` or `NOT_BEGUN`. Without a mark it completes 24 hours
    after its end. Repeating the call changes nothing.

    Args:
        appointment_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Appointment | Error
    """

    return (
        await asyncio_detailed(
            appointment_id=appointment_id,
            client=client,
        )
    ).parsed
