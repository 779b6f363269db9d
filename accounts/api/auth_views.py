"""Registration, sign-in, and the account of the caller."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import CredentialsInput, MeOutput, RefreshedOutput, RefreshInput, SignedInOutput
from accounts.identity.authentication import caller, caller_session
from accounts.identity.registration import register_owner
from accounts.identity.sessions import end_session, refresh_session, sign_in
from accounts.identity.tokens import issue_tokens
from accounts.models import Consent, Session
from accounts.vocabulary import EndReason
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import OPEN, APIViewSet


class AuthViewSet(APIViewSet):
    @extend_schema(
        operation_id="register_account",
        tags=["accounts"],
        auth=[],
        responses=responses({201: SignedInOutput}, errors=(*BODY_ERRORS, 409), signed_in=False),
    )
    @action(methods=["post"], detail=False, serializer_class=CredentialsInput, throttle_scope="credentials", **OPEN)
    def register(self, request: Request) -> Response:
        """Register an account.

        Opens an account and signs in. A code to verify the address is mailed to it. A taken address gets 409
        `EMAIL_TAKEN`; a weak password gets 400 with the broken rules under `fields`.
        """
        session = register_owner(**self.validated_body(), user_agent=user_agent_of(request))
        return Response(_signed_in(session), status=201)

    @extend_schema(
        operation_id="log_in",
        tags=["accounts"],
        auth=[],
        responses=responses({200: SignedInOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    @action(methods=["post"], detail=False, serializer_class=CredentialsInput, throttle_scope="credentials", **OPEN)
    def login(self, request: Request) -> Response:
        """Sign in.

        Starts a new session. A wrong pair gets the same answer in the same time, whether or not the address has an
        account.
        """
        session = sign_in(**self.validated_body(), user_agent=user_agent_of(request))
        return Response(_signed_in(session))

    @extend_schema(
        operation_id="refresh_tokens",
        tags=["accounts"],
        auth=[],
        responses=responses({200: RefreshedOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    @action(methods=["post"], detail=False, serializer_class=RefreshInput, **OPEN)
    def refresh(self, request: Request) -> Response:
        """Refresh the tokens.

        Exchanges the refresh token for the next pair. Send the same token again when the answer was lost: it gets the
        same successor until that was used. Presenting the old token after that ends the session.
        """
        session = refresh_session(**self.validated_body())
        return Response(RefreshedOutput({"token": issue_tokens(session)}).data)

    @extend_schema(
        operation_id="log_out",
        tags=["accounts"],
        request=None,
        responses=responses({204: None}),
    )
    @action(methods=["post"], detail=False)
    def logout(self, request: Request) -> Response:
        """Sign out.

        Ends this session: both its tokens stop at once. Other sessions go on.
        """
        end_session(session=caller_session(request), reason=EndReason.LOGGED_OUT)
        return Response(status=204)

    @extend_schema(
        operation_id="get_account",
        tags=["accounts"],
        responses=responses({200: MeOutput}),
    )
    @action(methods=["get"], detail=False)
    def me(self, request: Request) -> Response:
        """Show the account.

        Returns the account, its consents and the current session. Apps call it to restore a session at start.
        """
        user = caller(request)
        consents = Consent.objects.filter(user=user).order_by("given_at", "id")
        account = {"user": user, "consents": consents, "session": caller_session(request)}
        return Response(MeOutput(account).data)


def user_agent_of(request: Request) -> str:
    """Return what the caller's app or browser calls itself: owners recognise their sessions by it."""
    return "".join(char for char in request.META.get("HTTP_USER_AGENT", "") if char.isprintable())


def _signed_in(session: Session) -> dict[str, Any]:
    return SignedInOutput({"user": session.user, "token": issue_tokens(session)}).data
