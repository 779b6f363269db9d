from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.reminder import Reminder
from ...models.reminder_request import ReminderRequest
from ...types import Response


def _get_kwargs(
    vessel_id: UUID,
    *,
    body: ReminderRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/corrosion/reminders/{vessel_id}".format(
            vessel_id=quote(str(vessel_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | Reminder | None:
    if response.status_code == 200:
        response_200 = Reminder.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | Reminder]:
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
    body: ReminderRequest,
) -> Response[Error | Reminder]:
    """Set the reminder of a vessel

     The owner is reminded once, in the morning of the date that lies `interval_days` after the last
    completed inspection of the vessel; each new inspection moves the date. A date that is over already
    when the reminder is set is not sent. Without a subscription reminders pause; what came due
    meanwhile is sent after the return. Needs a subscription.

    Args:
        vessel_id (UUID):
        body (ReminderRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Reminder]
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
    body: ReminderRequest,
) -> Error | Reminder | None:
    """Set the reminder of a vessel

     The owner is reminded once, in the morning of the date that lies `interval_days` after the last
    completed inspection of the vessel; each new inspection moves the date. A date that is over already
    when the reminder is set is not sent. Without a subscription reminders pause; what came due
    meanwhile is sent after the return. Needs a subscription.

    Args:
        vessel_id (UUID):
        body (ReminderRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Reminder
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
    body: ReminderRequest,
) -> Response[Error | Reminder]:
    """Set the reminder of a vessel

     The owner is reminded once, in the morning of the date that lies `interval_days` after the last
    completed inspection of the vessel; each new inspection moves the date. A date that is over already
    when the reminder is set is not sent. Without a subscription reminders pause; what came due
    meanwhile is sent after the return. Needs a subscription.

    Args:
        vessel_id (UUID):
        body (ReminderRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Reminder]
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
    body: ReminderRequest,
) -> Error | Reminder | None:
    """Set the reminder of a vessel

     The owner is reminded once, in the morning of the date that lies `interval_days` after the last
    completed inspection of the vessel; each new inspection moves the date. A date that is over already
    when the reminder is set is not sent. Without a subscription reminders pause; what came due
    meanwhile is sent after the return. Needs a subscription.

    Args:
        vessel_id (UUID):
        body (ReminderRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Reminder
    """

    return (
        await asyncio_detailed(
            vessel_id=vessel_id,
            client=client,
            body=body,
        )
    ).parsed
