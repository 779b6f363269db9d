from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.get_appointment_code_picture import GetAppointmentCodePicture
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    appointment_id: UUID,
    *,
    picture: GetAppointmentCodePicture | Unset = GetAppointmentCodePicture.PNG,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_picture: str | Unset = UNSET
    if not isinstance(picture, Unset):
        json_picture = picture.value

    params["picture"] = json_picture

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/appointments/{appointment_id}/qr".format(
            appointment_id=quote(str(appointment_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | File | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | File]:
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
    picture: GetAppointmentCodePicture | Unset = GetAppointmentCodePicture.PNG,
) -> Response[Error | File]:
    """Show the code to check in

     For the owner of an appointment that is confirmed or checked in: a QR code that is valid for 60
    seconds. Ask again for the next one. 409 `NOT_ELIGIBLE` with the reason `NOT_CONFIRMED` before it is
    paid, and once it has ended.

    Args:
        appointment_id (UUID):
        picture (GetAppointmentCodePicture | Unset):  Default: GetAppointmentCodePicture.PNG.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | File]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
        picture=picture,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    picture: GetAppointmentCodePicture | Unset = GetAppointmentCodePicture.PNG,
) -> Error | File | None:
    """Show the code to check in

     For the owner of an appointment that is confirmed or checked in: a QR code that is valid for 60
    seconds. Ask again for the next one. 409 `NOT_ELIGIBLE` with the reason `NOT_CONFIRMED` before it is
    paid, and once it has ended.

    Args:
        appointment_id (UUID):
        picture (GetAppointmentCodePicture | Unset):  Default: GetAppointmentCodePicture.PNG.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | File
    """

    return sync_detailed(
        appointment_id=appointment_id,
        client=client,
        picture=picture,
    ).parsed


async def asyncio_detailed(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    picture: GetAppointmentCodePicture | Unset = GetAppointmentCodePicture.PNG,
) -> Response[Error | File]:
    """Show the code to check in

     For the owner of an appointment that is confirmed or checked in: a QR code that is valid for 60
    seconds. Ask again for the next one. 409 `NOT_ELIGIBLE` with the reason `NOT_CONFIRMED` before it is
    paid, and once it has ended.

    Args:
        appointment_id (UUID):
        picture (GetAppointmentCodePicture | Unset):  Default: GetAppointmentCodePicture.PNG.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | File]
    """

    kwargs = _get_kwargs(
        appointment_id=appointment_id,
        picture=picture,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    appointment_id: UUID,
    *,
    client: AuthenticatedClient,
    picture: GetAppointmentCodePicture | Unset = GetAppointmentCodePicture.PNG,
) -> Error | File | None:
    """Show the code to check in

     For the owner of an appointment that is confirmed or checked in: a QR code that is valid for 60
    seconds. Ask again for the next one. 409 `NOT_ELIGIBLE` with the reason `NOT_CONFIRMED` before it is
    paid, and once it has ended.

    Args:
        appointment_id (UUID):
        picture (GetAppointmentCodePicture | Unset):  Default: GetAppointmentCodePicture.PNG.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | File
    """

    return (
        await asyncio_detailed(
            appointment_id=appointment_id,
            client=client,
            picture=picture,
        )
    ).parsed
