from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delivery import Delivery
from ...models.error import Error
from ...models.letter_delivery_request import LetterDeliveryRequest
from ...models.mail_delivery_request import MailDeliveryRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    dossier_id: UUID,
    *,
    body: LetterDeliveryRequest | MailDeliveryRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/dossiers/{dossier_id}/deliveries".format(
            dossier_id=quote(str(dossier_id), safe=""),
        ),
    }

    if isinstance(body, MailDeliveryRequest):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Delivery | Error | None:
    if response.status_code == 202:
        response_202 = Delivery.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Delivery | Error]:
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
    body: LetterDeliveryRequest | MailDeliveryRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Delivery | Error]:
    """Deliver a dossier

     Mails a link to the dossier to an address, in our own words: at most five a day. Or writes a letter,
    which is posted with a covering letter once it is paid (`POST /deliveries/{id}/checkout`), within 24
    hours; a dossier with too many pages for the country is refused. Lists what was sent, newest first.
    Needs a proven address.

    Args:
        dossier_id (UUID):
        idempotency_key (str | Unset):
        body (LetterDeliveryRequest | MailDeliveryRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Delivery | Error]
    """

    kwargs = _get_kwargs(
        dossier_id=dossier_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LetterDeliveryRequest | MailDeliveryRequest,
    idempotency_key: str | Unset = UNSET,
) -> Delivery | Error | None:
    """Deliver a dossier

     Mails a link to the dossier to an address, in our own words: at most five a day. Or writes a letter,
    which is posted with a covering letter once it is paid (`POST /deliveries/{id}/checkout`), within 24
    hours; a dossier with too many pages for the country is refused. Lists what was sent, newest first.
    Needs a proven address.

    Args:
        dossier_id (UUID):
        idempotency_key (str | Unset):
        body (LetterDeliveryRequest | MailDeliveryRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Delivery | Error
    """

    return sync_detailed(
        dossier_id=dossier_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LetterDeliveryRequest | MailDeliveryRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Delivery | Error]:
    """Deliver a dossier

     Mails a link to the dossier to an address, in our own words: at most five a day. Or writes a letter,
    which is posted with a covering letter once it is paid (`POST /deliveries/{id}/checkout`), within 24
    hours; a dossier with too many pages for the country is refused. Lists what was sent, newest first.
    Needs a proven address.

    Args:
        dossier_id (UUID):
        idempotency_key (str | Unset):
        body (LetterDeliveryRequest | MailDeliveryRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Delivery | Error]
    """

    kwargs = _get_kwargs(
        dossier_id=dossier_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    dossier_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LetterDeliveryRequest | MailDeliveryRequest,
    idempotency_key: str | Unset = UNSET,
) -> Delivery | Error | None:
    """Deliver a dossier

     Mails a link to the dossier to an address, in our own words: at most five a day. Or writes a letter,
    which is posted with a covering letter once it is paid (`POST /deliveries/{id}/checkout`), within 24
    hours; a dossier with too many pages for the country is refused. Lists what was sent, newest first.
    Needs a proven address.

    Args:
        dossier_id (UUID):
        idempotency_key (str | Unset):
        body (LetterDeliveryRequest | MailDeliveryRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Delivery | Error
    """

    return (
        await asyncio_detailed(
            dossier_id=dossier_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
