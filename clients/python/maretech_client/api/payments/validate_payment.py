from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.receipt_request import ReceiptRequest
from ...models.receipt_status import ReceiptStatus
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ReceiptRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/payments/validate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | ReceiptStatus | None:
    if response.status_code == 200:
        response_200 = ReceiptStatus.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Error.from_dict(response.json())

        return response_422

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
) -> Response[Error | ReceiptStatus]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ReceiptRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | ReceiptStatus]:
    """Redeem a store receipt

     Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought,
    once per store transaction. A purchase that is not paid yet is `invalid` until it is: ask again,
    under the same `Idempotency-Key` if you like. A subscription that the store sold beside a live one
    is valid too.

    Args:
        idempotency_key (str | Unset):
        body (ReceiptRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ReceiptStatus]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ReceiptRequest,
    idempotency_key: str | Unset = UNSET,
) -> Error | ReceiptStatus | None:
    """Redeem a store receipt

     Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought,
    once per store transaction. A purchase that is not paid yet is `invalid` until it is: ask again,
    under the same `Idempotency-Key` if you like. A subscription that the store sold beside a live one
    is valid too.

    Args:
        idempotency_key (str | Unset):
        body (ReceiptRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ReceiptStatus
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ReceiptRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Error | ReceiptStatus]:
    """Redeem a store receipt

     Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought,
    once per store transaction. A purchase that is not paid yet is `invalid` until it is: ask again,
    under the same `Idempotency-Key` if you like. A subscription that the store sold beside a live one
    is valid too.

    Args:
        idempotency_key (str | Unset):
        body (ReceiptRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ReceiptStatus]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ReceiptRequest,
    idempotency_key: str | Unset = UNSET,
) -> Error | ReceiptStatus | None:
    """Redeem a store receipt

     Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought,
    once per store transaction. A purchase that is not paid yet is `invalid` until it is: ask again,
    under the same `Idempotency-Key` if you like. A subscription that the store sold beside a live one
    is valid too.

    Args:
        idempotency_key (str | Unset):
        body (ReceiptRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ReceiptStatus
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
