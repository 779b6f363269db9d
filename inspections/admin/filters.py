"""Filters of the list of inspections."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inspections.models import Inspection
from inspections.vocabulary import AccessKind, InspectionStatus, JobState, WaitingFor

_UNPAID = Q(access=AccessKind.PASS, pass_standing=False)
_QUEUED = Q(status=InspectionStatus.PROCESSING, job__state=JobState.QUEUED)
_WAITING: dict[str, Q] = {
    WaitingFor.PHOTOS: Q(status=InspectionStatus.PENDING) & ~_UNPAID,
    WaitingFor.PAYMENT: Q(status=InspectionStatus.PENDING) & _UNPAID,
    WaitingFor.WORKER: _QUEUED & Q(job__attempt=0),
    WaitingFor.RETRY: _QUEUED & Q(job__attempt__gt=0),
}


class WaitingForFilter(SimpleListFilter):
    """SQL form of `inspections.lifecycle.waiting`; a test keeps the two equal."""

    title = "waiting for"
    parameter_name = "waiting_for"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(reason.value, reason.value) for reason in WaitingFor]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inspection]) -> QuerySet[Inspection]:
        waiting = _WAITING.get(self.value() or "")
        return queryset if waiting is None else queryset.filter(waiting, deleted_at=None)


class JobStateFilter(SimpleListFilter):
    title = "state of the job"
    parameter_name = "job_state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(state.value, state.value) for state in JobState]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inspection]) -> QuerySet[Inspection]:
        state = self.value()
        return queryset if state is None else queryset.filter(job__state=state)


class DeletedFilter(SimpleListFilter):
    title = "deleted"
    parameter_name = "deleted"
    column = "deleted_at"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("no", "no"), ("yes", "yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        deleted = {"no": False, "yes": True}.get(self.value() or "")
        return queryset if deleted is None else queryset.filter(**{f"{self.column}__isnull": not deleted})
