"""The account routes. Each view makes four moves: scope, validate, call, respond."""

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.identity.authentication import caller, caller_session
from accounts.identity.documents import DISCLAIMER, give_consent
from accounts.identity.passwords import change_password, confirm_reset, request_reset
from accounts.identity.registration import register_owner
from accounts.identity.sessions import end_own_session, end_session, live_sessions, refresh_session, sign_in
from accounts.identity.tokens import issue_tokens
from accounts.identity.verification import ask_for_change, confirm_address, send_code_again
from accounts.models import Consent, Device, Session
from accounts.notifications.devices import forget_device, register_device
from accounts.vocabulary import EndReason, Platform
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, answers
from maretech.common.http.pagination import MAX_PAGE_SIZE, KeysetPagination

BODY_ERRORS = (400, 413, 415)


def validated(serializer_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def user_agent(request: Request) -> str:
    """What the caller's app or browser calls itself, by which an owner knows a session again."""
    return "".join(char for char in request.META.get("HTTP_USER_AGENT", "") if char.isprintable())


def signed_in(session: Session) -> dict[str, Any]:
    return serializers.SignedInOutput({"user": session.user, "token": issue_tokens(session)}).data


class AnonymousView(APIView):
    """For everybody. A bad token does no harm here: somebody whose session ended must be able to sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class CredentialsView(AnonymousView):
    rate_limit: ClassVar[str] = "credentials"


class RegisterView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.CredentialsInput,
        responses=answers({201: serializers.SignedInOutput}, errors=(*BODY_ERRORS, 409), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Register an account.

        Opens an account and signs in. A code to verify the address is mailed to it. A taken address gets 409
        `EMAIL_TAKEN`; a weak password gets 400 with the broken rules under `fields`.
        """
        session = register_owner(**validated(serializers.CredentialsInput, request), user_agent=user_agent(request))
        return Response(signed_in(session), status=201)


class LoginView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.CredentialsInput,
        responses=answers({200: serializers.SignedInOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Sign in.

        Starts a new session. A wrong pair gets the same answer in the same time, whether or not the address has an
        account.
        """
        session = sign_in(**validated(serializers.CredentialsInput, request), user_agent=user_agent(request))
        return Response(signed_in(session))


class RefreshView(AnonymousView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.RefreshInput,
        responses=answers({200: serializers.RefreshedOutput}, errors=(*BODY_ERRORS, 401), signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Refresh the tokens.

        Exchanges the refresh token for the next pair. Send the same token again when the answer was lost: it gets the
        same successor until that was used. Presenting the old token after that ends the session.
        """
        session = refresh_session(**validated(serializers.RefreshInput, request))
        return Response(serializers.RefreshedOutput({"token": issue_tokens(session)}).data)


class LogoutView(APIView):
    @extend_schema(tags=["accounts"], request=None, responses=answers({204: None}))
    def post(self, request: Request) -> Response:
        """Sign out.

        Ends this session: both its tokens stop at once. Other sessions go on.
        """
        end_session(session=caller_session(request), reason=EndReason.LOGGED_OUT)
        return Response(status=204)


class MeView(APIView):
    @extend_schema(tags=["accounts"], responses=answers({200: serializers.MeOutput}))
    def get(self, request: Request) -> Response:
        """Show the account.

        Returns the account, its consents and the current session. Apps call it to restore a session at start.
        """
        user = caller(request)
        consents = Consent.objects.filter(user=user).order_by("given_at", "id")
        me = {"id": user.pk, "email": user.email, "email_verified": user.email_verified, "created_at": user.created_at}
        return Response(serializers.MeOutput({**me, "consents": consents, "session": caller_session(request)}).data)


class SessionsView(APIView):
    @extend_schema(operation_id="sessions", tags=["accounts"], responses=answers({200: serializers.SessionsOutput}))
    def get(self, request: Request) -> Response:
        """List the sessions.

        Returns where the account is signed in, the session used last first, at most 100. `last_used_at` is exact to 15
        minutes.
        """
        sessions = live_sessions(user=caller(request))[:MAX_PAGE_SIZE]
        current = caller_session(request)
        listed = [
            {
                "id": session.pk,
                "created_at": session.created_at,
                "last_used_at": session.refreshed_at,
                "user_agent": session.user_agent,
                "current": session == current,
            }
            for session in sessions
        ]
        return Response(serializers.SessionsOutput({"sessions": listed}).data)


class SessionView(APIView):
    @extend_schema(tags=["accounts"], responses=answers({204: None}, errors=(404,)))
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End a session.

        The tokens of the session stop at once, and its devices get no more pushes. The own session may be ended too.
        """
        end_own_session(user=caller(request), session_id=session_id)
        return Response(status=204)


class ConsentsView(APIView):
    @extend_schema(
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.ConsentInput,
        responses=answers({201: serializers.ConsentOutput}, errors=(*BODY_ERRORS, 409, 422)),
    )
    def post(self, request: Request) -> Response:
        """Accept a document.

        Records that the owner accepts this version of a document. Accepting it again returns the first time.
        """
        given = validated(serializers.ConsentInput, request)

        def effect() -> Outcome:
            return Outcome(201, {"consent_id": give_consent(user=caller(request), **given).pk})

        return run_idempotent(request, effect=effect, present=self._present)

    def _present(self, reference: dict[str, Any]) -> dict[str, Any]:
        return serializers.ConsentOutput(Consent.objects.get(pk=reference["consent_id"])).data


class DevicesView(APIView):
    @extend_schema(
        operation_id="devices_list",
        tags=["accounts"],
        parameters=PAGE_PARAMETERS,
        responses=answers({200: serializers.DevicePageOutput}, errors=(400,)),
    )
    def get(self, request: Request) -> Response:
        """List the devices.

        Returns the devices that get the account's pushes, newest first.
        """
        paginator = KeysetPagination()
        page = paginator.paginate_queryset(Device.objects.filter(user=caller(request)), request, self)
        return paginator.get_paginated_response(serializers.DeviceOutput(page, many=True).data)

    @extend_schema(
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.DeviceInput,
        responses=answers({201: serializers.DeviceOutput}, errors=(*BODY_ERRORS, 404, 409, 422)),
    )
    def post(self, request: Request) -> Response:
        """Register a device for push.

        Sends this owner's notifications to the device. Registering the same token again returns the same device.
        """
        given = validated(serializers.DeviceInput, request)
        platform, push_token = Platform(given["platform"]), given["push_token"]

        def effect() -> Outcome:
            device = register_device(session=caller_session(request), platform=platform, push_token=push_token)
            return Outcome(201, {"device_id": str(device.pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            device = Device.objects.filter(pk=reference["device_id"], user=caller(request)).first()
            if device is None:  # registered under this key, and forgotten or in other hands since
                raise NotFound
            return serializers.DeviceOutput(device).data

        return run_idempotent(request, effect=effect, present=present)


class DeviceView(APIView):
    @extend_schema(tags=["accounts"], responses=answers({204: None}, errors=(404,)))
    def delete(self, request: Request, device_id: uuid.UUID) -> Response:
        """Remove a device.

        Stops notifications to this device.
        """
        forget_device(user=caller(request), device_id=device_id)
        return Response(status=204)


class PasswordResetView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.ResetRequestInput,
        responses=answers({202: None}, errors=BODY_ERRORS, signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Ask for a password reset code.

        Mails a six-digit code to the address. The answer is the same whether or not the address has an account.
        """
        request_reset(**validated(serializers.ResetRequestInput, request))
        return Response(status=202)


class PasswordResetConfirmView(CredentialsView):
    @extend_schema(
        tags=["accounts"],
        auth=[],
        request=serializers.ResetConfirmInput,
        responses=answers({204: None}, errors=BODY_ERRORS, signed_in=False),
    )
    def post(self, request: Request) -> Response:
        """Set a new password with a code.

        Takes the mailed code once, sets the password and ends all sessions. After too many wrong tries ask for a new
        code.
        """
        confirm_reset(**validated(serializers.ResetConfirmInput, request))
        return Response(status=204)


class PasswordChangeView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(
        tags=["accounts"],
        request=serializers.PasswordChangeInput,
        responses=answers({204: None}, errors=BODY_ERRORS),
    )
    def post(self, request: Request) -> Response:
        """Change the password.

        Sets a new password. All other sessions end; this one goes on.
        """
        change_password(session=caller_session(request), **validated(serializers.PasswordChangeInput, request))
        return Response(status=204)


class EmailVerifyView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(
        tags=["accounts"],
        request=serializers.EmailCodeInput,
        responses=answers({204: None}, errors=(*BODY_ERRORS, 409)),
    )
    def post(self, request: Request) -> Response:
        """Verify the address.

        Takes the newest code that was mailed. It verifies the address of the account, or, after a change was asked for,
        makes the new address the account's. A wrong code gets 400 and costs one of five tries. 409 `EMAIL_TAKEN` if
        another account took the new address meanwhile.
        """
        confirm_address(session=caller_session(request), **validated(serializers.EmailCodeInput, request))
        return Response(status=204)


class EmailResendView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(tags=["accounts"], request=None, responses=answers({202: None}))
    def post(self, request: Request) -> Response:
        """Mail another code.

        Mails a code to the address that waits to be verified; the code before works no more. Nothing is mailed if no
        address waits. An account gets at most 10 codes a day.
        """
        send_code_again(session=caller_session(request))
        return Response(status=202)


class EmailChangeView(APIView):
    rate_limit: ClassVar[str] = "credentials"

    @extend_schema(
        tags=["accounts"],
        request=serializers.EmailChangeInput,
        responses=answers({202: None}, errors=BODY_ERRORS),
    )
    def post(self, request: Request) -> Response:
        """Change the address.

        Mails a code to the new address and a notice to the old one, which stays until the code is entered. The answer
        is the same whether or not the new address has an account. A wrong password gets 401.
        """
        ask_for_change(session=caller_session(request), **validated(serializers.EmailChangeInput, request))
        return Response(status=202)


class DisclaimerView(AnonymousView):
    @extend_schema(
        tags=["documents"],
        auth=[],
        responses=answers({200: serializers.DocumentOutput}, signed_in=False),
    )
    def get(self, request: Request) -> Response:
        """Read the disclaimer.

        Returns the current text and its version, which `POST /auth/me/consents` accepts.
        """
        return Response(serializers.DocumentOutput(DISCLAIMER).data)
