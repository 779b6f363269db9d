from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.dossier import Dossier
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    dossier_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/dossiers/{dossier_id}/statement/refine".format(
            dossier_id=quote(str(dossier_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Dossier | Error | None:
    if response.status_code == 202:
        response_202 = Dossier.from_dict(response.json())

        return response_202

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Dossier | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Dossier | Error]:
    """Ask for a clearer wording

     A worker proposes another wording of the statement in `refinement`. It adds no fact, number, name or
    diagnosis. Nothing changes unless the owner changes the statement. Needs a proven address.

    Args:
        dossier_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Dossier | Error]
    """

    kwargs = _get_kwargs(
        dossier_id=dossier_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Dossier | Error | None:
    """Ask for a clearer wording

     A worker proposes another wording of the statement in `refinement`. It adds no fact, number, name or
    diagnosis. Nothing changes unless the owner changes the statement. Needs a proven address.

    Args:
        dossier_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Dossier | Error
    """

    return sync_detailed(
        dossier_id=dossier_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[Dossier | Error]:
    """Ask for a clearer wording

     A worker proposes another wording of the statement in `refinement`. It adds no fact, number, name or
    diagnosis. Nothing changes unless the owner changes the statement. Needs a proven address.

    Args:
        dossier_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Dossier | Error]
    """

    kwargs = _get_kwargs(
        dossier_id=dossier_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Dossier | Error | None:
    """Ask for a clearer wording

     A worker proposes another wording of the statement in `refinement`. It adds no fact, number, name or
    diagnosis. Nothing changes unless the owner changes the statement. Needs a proven address.

    Args:
        dossier_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Dossier | Error
    """

    return (
        await asyncio_detailed(
            dossier_id=dossier_id,
            client=client,
        )
    ).parsed
