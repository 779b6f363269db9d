from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.corrosion_result import CorrosionResult
from ...models.error import Error
from ...models.osmosis_result import OsmosisResult
from ...types import UNSET, Response, Unset


def _get_kwargs(
    inspection_id: UUID,
    *,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/inspections/{inspection_id}/result".format(
            inspection_id=quote(str(inspection_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | CorrosionResult | OsmosisResult | Error | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> CorrosionResult | OsmosisResult:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_result_type_0 = CorrosionResult.from_dict(data)

                return componentsschemas_result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_result_type_1 = OsmosisResult.from_dict(data)

            return componentsschemas_result_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | CorrosionResult | OsmosisResult | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | CorrosionResult | OsmosisResult | Error]:
    """Read the result

     Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
    `RESULT_NOT_READY`. A result never changes; only its links are signed again.

    Args:
        inspection_id (UUID):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CorrosionResult | OsmosisResult | Error]
    """

    kwargs = _get_kwargs(
        inspection_id=inspection_id,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Any | CorrosionResult | OsmosisResult | Error | None:
    """Read the result

     Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
    `RESULT_NOT_READY`. A result never changes; only its links are signed again.

    Args:
        inspection_id (UUID):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CorrosionResult | OsmosisResult | Error
    """

    return sync_detailed(
        inspection_id=inspection_id,
        client=client,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | CorrosionResult | OsmosisResult | Error]:
    """Read the result

     Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
    `RESULT_NOT_READY`. A result never changes; only its links are signed again.

    Args:
        inspection_id (UUID):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CorrosionResult | OsmosisResult | Error]
    """

    kwargs = _get_kwargs(
        inspection_id=inspection_id,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    inspection_id: UUID,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
) -> Any | CorrosionResult | OsmosisResult | Error | None:
    """Read the result

     Returns what can be seen, with a confidence and guidance; never a diagnosis. Before it is ready: 409
    `RESULT_NOT_READY`. A result never changes; only its links are signed again.

    Args:
        inspection_id (UUID):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CorrosionResult | OsmosisResult | Error
    """

    return (
        await asyncio_detailed(
            inspection_id=inspection_id,
            client=client,
            if_none_match=if_none_match,
        )
    ).parsed
