"""python first_inspection.py https://api.example.com you@example.org 'a long password' wide.jpg mid.jpg close.jpg"""

import sys
from hashlib import sha256
from pathlib import Path
from time import sleep
from uuid import uuid4

from maretech_client import Session
from maretech_client.api.assets import get_asset, report_upload
from maretech_client.api.capture_policy import get_capture_policy
from maretech_client.api.inspections import (
    get_inspection_result,
    get_inspection_status,
    open_inspection,
    submit_inspection,
)
from maretech_client.api.slots import announce_photo
from maretech_client.models import (
    Asset,
    CapturePolicy,
    CorrosionResult,
    DeclaredPhoto,
    DeclarePhotoRequest,
    InspectionStatus,
    ModeEnum,
    OpenedInspection,
    OpenInspectionRequest,
    Photo,
    SubmitRequest,
    Submitted,
)
from maretech_client.refusals import expect

base_url, email, password, *photos = sys.argv[1:]

# 1. Register. Later, Session.log_in. It repeats lost answers, waits where limited and refreshes the token.
session = Session.register(base_url, email, password)
client = session.client

# 2. Read what to photograph: a wide, a mid and a close photo of each point.
policy = expect(get_capture_policy.sync_detailed(ModeEnum.CORROSION, client=client), CapturePolicy)
print("angles:", *policy.angles, file=sys.stderr)

# 3. Open the inspection. Store the key first: the same key is the same inspection, also after a crash.
asked = OpenInspectionRequest(mode=ModeEnum.CORROSION)
opened = expect(
    open_inspection.sync_detailed(client=client, body=asked, idempotency_key=str(uuid4())), OpenedInspection
)

for angle, photo in zip(policy.angles, photos, strict=True):
    content = Path(photo).read_bytes()

    # 4. Announce the photo: the link takes exactly these bytes.
    announced = DeclarePhotoRequest(
        angle=angle, content_type="image/jpeg", byte_size=len(content), sha256=sha256(content).hexdigest()
    )
    slot_id = opened.uploads[0].slot_id
    declared = expect(
        announce_photo.sync_detailed(slot_id, client=client, body=announced, idempotency_key=str(uuid4())),
        DeclaredPhoto,
    )

    # 5. Upload it with the headers that the link names.
    link = declared.upload
    session.uploads.request(link.method, link.url, content=content, headers=link.headers.to_dict()).raise_for_status()

    # 6. Report it, and the server checks it.
    expect(report_upload.sync_detailed(declared.asset_id, client=client), Photo)

    # 7. Poll the check. Show retake_reasons while the owner is at the hull.
    while (asset := expect(get_asset.sync_detailed(declared.asset_id, client=client), Asset)).state == "uploaded":
        sleep(1)
    print(f"{angle}: {asset.state}", *asset.retake_reasons, file=sys.stderr)

# 8. Submit. The analysis runs once, however often this is called.
inspection_id = opened.inspection_id
expect(submit_inspection.sync_detailed(inspection_id, client=client, body=SubmitRequest()), Submitted)

# 9. Poll the status. Retry-After says how often; with If-None-Match an unchanged answer is 304.
etag = ""
while True:
    answer = get_inspection_status.sync_detailed(inspection_id, client=client, if_none_match=etag)
    if answer.status_code != 304 and expect(answer, InspectionStatus).status in ("completed", "failed"):
        break
    etag = answer.headers["ETag"]
    sleep(int(answer.headers["Retry-After"]))

# 10. Read the result. Steps 3 to 10 in short: Capture.open, send_photo, wait_for_check, submit, wait_for_result.
result = expect(get_inspection_result.sync_detailed(inspection_id, client=client), CorrosionResult)
print(result.signal_detected, result.confidence_level, *result.guidance, result.explanation, sep="\n")
