from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.patched_vessel_change_request import PatchedVesselChangeRequest
from ...models.vessel_detail import VesselDetail
from ...types import UNSET, Response, Unset


def _get_kwargs(
    vessel_id: UUID,
    *,
    body: PatchedVesselChangeRequest | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/vessels/{vessel_id}".format(
            vessel_id=quote(str(vessel_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | VesselDetail | None:
    if response.status_code == 200:
        response_200 = VesselDetail.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Error | VesselDetail]:
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
    body: PatchedVesselChangeRequest | Unset = UNSET,
) -> Response[Error | VesselDetail]:
    """Change a vessel

     Changes what the body names; null or an empty text removes a detail. Inspections of the vessel get
    its new name. The name of another vessel of the owner is refused with 409 `VESSEL_NAME_TAKEN`.

    Args:
        vessel_id (UUID):
        body (PatchedVesselChangeRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | VesselDetail]
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
    body: PatchedVesselChangeRequest | Unset = UNSET,
) -> Error | VesselDetail | None:
    """Change a vessel

     Changes what the body names; null or an empty text removes a detail. Inspections of the vessel get
    its new name. The name of another vessel of the owner is refused with 409 `VESSEL_NAME_TAKEN`.

    Args:
        vessel_id (UUID):
        body (PatchedVesselChangeRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | VesselDetail
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
    body: PatchedVesselChangeRequest | Unset = UNSET,
) -> Response[Error | VesselDetail]:
    """Change a vessel

     Changes what the body names; null or an empty text removes a detail. Inspections of the vessel get
    its new name. The name of another vessel of the owner is refused with 409 `VESSEL_NAME_TAKEN`.

    Args:
        vessel_id (UUID):
        body (PatchedVesselChangeRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | VesselDetail]
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
    body: PatchedVesselChangeRequest | Unset = UNSET,
) -> Error | VesselDetail | None:
    """Change a vessel

     Changes what the body names; null or an empty text removes a detail. Inspections of the vessel get
    its new name. The name of another vessel of the owner is refused with 409 `VESSEL_NAME_TAKEN`.

    Args:
        vessel_id (UUID):
        body (PatchedVesselChangeRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | VesselDetail
    """

    return (
        await asyncio_detailed(
            vessel_id=vessel_id,
            client=client,
            body=body,
        )
    ).parsed
