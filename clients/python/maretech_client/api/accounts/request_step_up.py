from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.step_up import StepUp
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/auth/step-up",
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | StepUp | None:
    if response.status_code == 202:
        response_202 = StepUp.from_dict(response.json())

        return response_202

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | StepUp]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Error | StepUp]:
    """Ask for a step-up code

     Some purchases answer 403 with `reason` `STEP_UP_REQUIRED`: ask for a code here, enter it below, and
    repeat the purchase. A user with an authenticator app takes the code from it; any other gets one by
    mail, and needs a verified address for it (403 with `reason` `EMAIL_UNVERIFIED`). For some hours
    after a change of the address no code goes by mail: without an app, this and the purchase answer 403
    with `reason` `EMAIL_CHANGED`, and `available_at` says until when. The code is for this session
    only, and replaces its earlier one. An account gets at most 10 codes a day.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | StepUp]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> Error | StepUp | None:
    """Ask for a step-up code

     Some purchases answer 403 with `reason` `STEP_UP_REQUIRED`: ask for a code here, enter it below, and
    repeat the purchase. A user with an authenticator app takes the code from it; any other gets one by
    mail, and needs a verified address for it (403 with `reason` `EMAIL_UNVERIFIED`). For some hours
    after a change of the address no code goes by mail: without an app, this and the purchase answer 403
    with `reason` `EMAIL_CHANGED`, and `available_at` says until when. The code is for this session
    only, and replaces its earlier one. An account gets at most 10 codes a day.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | StepUp
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Error | StepUp]:
    """Ask for a step-up code

     Some purchases answer 403 with `reason` `STEP_UP_REQUIRED`: ask for a code here, enter it below, and
    repeat the purchase. A user with an authenticator app takes the code from it; any other gets one by
    mail, and needs a verified address for it (403 with `reason` `EMAIL_UNVERIFIED`). For some hours
    after a change of the address no code goes by mail: without an app, this and the purchase answer 403
    with `reason` `EMAIL_CHANGED`, and `available_at` says until when. The code is for this session
    only, and replaces its earlier one. An account gets at most 10 codes a day.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | StepUp]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> Error | StepUp | None:
    """Ask for a step-up code

     Some purchases answer 403 with `reason` `STEP_UP_REQUIRED`: ask for a code here, enter it below, and
    repeat the purchase. A user with an authenticator app takes the code from it; any other gets one by
    mail, and needs a verified address for it (403 with `reason` `EMAIL_UNVERIFIED`). For some hours
    after a change of the address no code goes by mail: without an app, this and the purchase answer 403
    with `reason` `EMAIL_CHANGED`, and `available_at` says until when. The code is for this session
    only, and replaces its earlier one. An account gets at most 10 codes a day.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | StepUp
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
