"""The sessions of the caller."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import SessionsOutput
from accounts.identity.authentication import caller
from accounts.identity.sessions import end_own_session, live_sessions
from maretech.common.http.openapi import responses
from maretech.common.http.pagination import MAX_PAGE_SIZE
from maretech.common.http.viewsets import APIViewSet


class SessionViewSet(APIViewSet):
    serializer_class = SessionsOutput
    lookup_url_kwarg = "session_id"

    @extend_schema(operation_id="list_sessions", tags=["accounts"], responses=responses({200: SessionsOutput}))
    def list(self, request: Request) -> Response:
        """List the sessions.

        Returns where the account is signed in, the session used last first, at most 100. `last_used_at` is exact to 15
        minutes.
        """
        sessions = live_sessions(user=caller(request))[:MAX_PAGE_SIZE]
        return Response(self.get_serializer({"sessions": sessions}).data)

    @extend_schema(operation_id="end_session", tags=["accounts"], responses=responses({204: None}, errors=(404,)))
    def destroy(self, request: Request, session_id: uuid.UUID) -> Response:
        """End a session.

        The tokens of the session stop at once, and its devices get no more pushes. The current session can be ended
        too.
        """
        end_own_session(user=caller(request), session_id=session_id)
        return Response(status=204)
