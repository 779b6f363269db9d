"""Capture one inspection: open or resume it, send its photos, submit it, and wait for the result."""

import hashlib
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Self, TypeVar
from uuid import UUID, uuid4

import httpx

from .api.assets import get_asset, report_upload
from .api.inspections import (
    get_inspection,
    get_inspection_result,
    get_inspection_status,
    open_inspection,
    open_point,
    submit_inspection,
)
from .api.slots import announce_photo
from .models import (
    AngleEnum,
    Asset,
    AssetStateEnum,
    CaptureMetadataRequest,
    CorrosionResult,
    DeclaredPhoto,
    DeclarePhotoRequest,
    InspectionDetail,
    InspectionStatus,
    InspectionStatusEnum,
    OpenedInspection,
    OpenedPoint,
    OpenInspectionRequest,
    OpenPointRequest,
    OsmosisResult,
    Photo,
    SubmitRequest,
    Submitted,
    UploadLink,
)
from .refusals import Refused, expect, expect_success
from .session import Session
from .types import UNSET, Response, Unset

Body = TypeVar("Body")
LINK_TRIES: Final = 3
DEFAULT_POLL_SECONDS: Final = 2.0
ARRIVED: Final = (AssetStateEnum.UPLOADED, AssetStateEnum.READY)
SETTLED: Final = (AssetStateEnum.READY, AssetStateEnum.REJECTED)
ENDED: Final = (InspectionStatusEnum.COMPLETED, InspectionStatusEnum.FAILED)


class Capture:
    """One inspection. Every call may be made again after a crash: `resume` continues where the server is."""

    def __init__(self, session: Session, inspection_id: UUID, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.session = session
        self.inspection_id = inspection_id
        self._sleep = sleep

    @classmethod
    def open(cls, session: Session, asked: OpenInspectionRequest, *, key: str = "") -> Self:
        """Open an inspection. Store `key` before, and open with it again after a crash: it is the same inspection."""
        answer = open_inspection.sync_detailed(client=session.client, body=asked, idempotency_key=key or str(uuid4()))
        return cls(session, expect(answer, OpenedInspection).inspection_id)

    @classmethod
    def resume(cls, session: Session, inspection_id: UUID) -> Self:
        """Continue an inspection that was opened before. Raises `Refused` with NOT_FOUND for an unknown one."""
        capture = cls(session, inspection_id)
        capture.detail()
        return capture

    def detail(self) -> InspectionDetail:
        """Return the inspection with its points and their photos."""
        return expect(get_inspection.sync_detailed(self.inspection_id, client=self.session.client), InspectionDetail)

    def open_point(self, *, label: str = "", key: str = "") -> OpenedPoint:
        """Open the next point of the hull. The first call returns point 1, which is reserved already."""
        answer = open_point.sync_detailed(
            self.inspection_id,
            client=self.session.client,
            body=OpenPointRequest(label=label),
            idempotency_key=key or str(uuid4()),
        )
        return expect(answer, OpenedPoint)

    def send_photo(
        self,
        content: bytes,
        *,
        angle: AngleEnum,
        point_index: int = 1,
        content_type: str = "image/jpeg",
        capture: CaptureMetadataRequest | Unset = UNSET,
    ) -> UUID:
        """Announce, upload and report one photo; return its `asset_id`. What has arrived before is not sent again."""
        sha256 = hashlib.sha256(content).hexdigest()
        slot = next(slot for slot in self.detail().slots if slot.point_index == point_index)
        announced = DeclarePhotoRequest(
            angle=angle, content_type=content_type, byte_size=len(content), sha256=sha256, capture=capture
        )
        declared = self._announce(slot.slot_id, announced)
        if declared.state not in ARRIVED:
            self._upload(slot.slot_id, announced, declared.upload, content)
            expect(report_upload.sync_detailed(declared.asset_id, client=self.session.client), Photo)
        return declared.asset_id

    def _announce(self, slot_id: UUID, announced: DeclarePhotoRequest) -> DeclaredPhoto:
        """Announce a photo. The same bytes again, with whatever key, get the same asset and a fresh link."""
        answer = announce_photo.sync_detailed(
            slot_id, client=self.session.client, body=announced, idempotency_key=str(uuid4())
        )
        return expect(answer, DeclaredPhoto)

    def _upload(self, slot_id: UUID, announced: DeclarePhotoRequest, link: UploadLink, content: bytes) -> None:
        """Follow the link. One that has expired (403) is replaced by announcing the same photo again."""
        response = self._put(link, content)
        for _ in range(LINK_TRIES - 1):
            if response.status_code != HTTPStatus.FORBIDDEN:
                break
            response = self._put(self._announce(slot_id, announced).upload, content)
        expect_success(response)

    def _put(self, link: UploadLink, content: bytes) -> httpx.Response:
        return self.session.uploads.request(link.method, link.url, content=content, headers=headers_to_send(link))

    def wait_for_check(self, asset_id: UUID, *, patience_seconds: float = 120) -> Asset:
        """Poll until the photo is checked: READY, or REJECTED with `retake_reasons` to show at the hull."""
        return self._poll(
            lambda etag: get_asset.sync_detailed(asset_id, client=self.session.client, if_none_match=etag),
            Asset,
            is_done=lambda asset: asset.state in SETTLED,
            patience_seconds=patience_seconds,
        )

    def submit(self, *, accept_incomplete: bool = False) -> Submitted:
        """Submit once, however often it is called. Raises `Refused` with UPLOADS_MISSING, and `missing` in its body."""
        answer = submit_inspection.sync_detailed(
            self.inspection_id, client=self.session.client, body=SubmitRequest(accept_incomplete=accept_incomplete)
        )
        return expect(answer, Submitted)

    def wait_for_result(self, *, patience_seconds: float = 600) -> CorrosionResult | OsmosisResult:
        """Poll until the analysis has ended; return its result. Raises `Refused` with INSPECTION_FAILED."""
        self._poll(
            lambda etag: get_inspection_status.sync_detailed(
                self.inspection_id, client=self.session.client, if_none_match=etag
            ),
            InspectionStatus,
            is_done=lambda seen: seen.status in ENDED,
            patience_seconds=patience_seconds,
        )
        answer = get_inspection_result.sync_detailed(self.inspection_id, client=self.session.client)
        if isinstance(answer.parsed, CorrosionResult | OsmosisResult):
            return answer.parsed
        raise Refused.of(answer.status_code, answer.content)

    def _poll(
        self,
        ask: Callable[[str | Unset], Response[Any]],
        kind: type[Body],
        *,
        is_done: Callable[[Body], bool],
        patience_seconds: float,
    ) -> Body:
        """Ask with the last `ETag`, as often as `Retry-After` says. Raises `TimeoutError` when patience ends."""
        deadline = time.monotonic() + patience_seconds
        etag: str | Unset = UNSET
        while True:
            answer = ask(etag)
            if answer.status_code != HTTPStatus.NOT_MODIFIED:
                body = expect(answer, kind)
                if is_done(body):
                    return body
                etag = answer.headers.get("ETag", UNSET)
            if time.monotonic() > deadline:
                raise TimeoutError(f"Still open after {patience_seconds:.0f} seconds")
            self._sleep(float(answer.headers.get("Retry-After", DEFAULT_POLL_SECONDS)))


def headers_to_send(link: UploadLink) -> dict[str, str]:
    """Return the headers that a link was signed for, without the one that every HTTP library writes itself."""
    named = link.headers.to_dict()
    return {name: str(value) for name, value in named.items() if name.lower() != "content-length"}
