"""Send hostile files, one of each kind, to the photo check and to upload links: each must be stopped harmlessly.

The check runs on each file in a process of its own with limits on memory and CPU time. The picture shown afterwards
must be our own JPEG, without any metadata of the original. Links are tried over HTTP, while the drill measures the
memory of the web process.

Control: attack by attack, the guard that stops it is removed; links accept everything.
"""

import hashlib
import http.client
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from PIL import Image

from drills.harness.api_client import NO_ANSWER, Caller, call
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import owner_of, signed_in
from drills.photos._hostile_guards import GUARDS, any_upload
from drills.photos._limited_process import CPU_SECONDS, MAX_BYTES, Judged, judge
from inspections.models import MediaAsset
from inspections.retake_reasons import OTHER_FORMAT_OR_SIZE, SEND_AGAIN, SHOOT_AGAIN
from inspections.vocabulary import Mode
from maretech.common.storage import object_store
from testing.samples.hostile_files import EITHER, JUDGED, REFUSED, Hostile, files, jpeg

REASONS: Final = set(SHOOT_AGAIN | SEND_AGAIN | OTHER_FORMAT_OR_SIZE)
SENT_BYTES: Final = 200 * 1024 * 1024
# The small size and the control leave out files that take a second or more.
LARGE: Final = ("million", "megabyte", "GB", "scans", "60 kB")
TRACES: Final = (b"Exif", b"ICC_PROFILE", b"GPS", b"Secret", b"script", b"alert(", b"PK\x03\x04", b"http://")


def disable_guard() -> AbstractContextManager[object]:
    return any_upload()  # `_control` removes the guards of the photo check one by one, in this process


def drill(context: DrillContext) -> Result:
    return _control(context) if context.control else _drill(context)


def _drill(context: DrillContext) -> Result:
    kinds = [kind for kind in files() if not context.small or not any(word in kind.name for word in LARGE)]
    judged = [(kind, judge(kind.make, is_limited=context.server is not None)) for kind in kinds]
    wrong = [f"{kind.name}: {fault}" for kind, outcome in judged if (fault := _fault(kind, outcome))]
    links = dict(_uploads(context)) if context.base_url else {}
    wrong += [f"link: {name}: {fault}" for name, fault in links.items() if fault]
    peak = max(outcome.peak_bytes for _, outcome in judged) / 1e6
    slowest = max(outcome.seconds for _, outcome in judged)
    came_to = Counter("judged" if outcome.view else "refused" for _, outcome in judged)
    first = f" ({'; '.join(wrong[:3])})" if wrong else ""
    figure = (
        f"{came_to['refused']} refused, {came_to['judged']} re-encoded, {len(links)} more at the link, "
        f"{len(wrong)} wrong{first}; at most {peak:.0f} MB, {slowest:.1f} s of CPU"
    )
    bound = f"0 wrong, < {MAX_BYTES / 1e6:.0f} MB, ≤ {CPU_SECONDS} s"
    return Result(f"{len(kinds) + len(links)} kinds", figure, bound, not wrong)


def _control(context: DrillContext) -> Result:
    by_name = {kind.name: kind for kind in files()}
    succeeded = {}
    for guard_name, guard in GUARDS.items():
        if context.small and not guard.is_harmless:
            continue
        for kind in map(by_name.__getitem__, guard.kinds):
            with guard.remove():
                outcome = judge(kind.make, is_limited=context.server is not None)
            succeeded[f"{kind.name}, without the bound of {guard_name}"] = bool(_fault(kind, outcome))
    succeeded |= {f"link: {name}": bool(fault) for name, fault in _uploads(context)} if context.base_url else {}
    return Result(
        f"{len(succeeded)} attacks", "", "each succeeds without its guard", not any(succeeded.values()), succeeded
    )


def _fault(kind: Hostile, outcome: Judged) -> str:
    if outcome.died:
        return outcome.died
    if outcome.peak_bytes > MAX_BYTES:
        return f"took {outcome.peak_bytes / 1e6:.0f} MB"
    came_to = JUDGED if outcome.view else REFUSED
    if kind.expected not in (came_to, EITHER):
        return f"was {came_to}"
    if not outcome.usable and not (outcome.reasons and set(outcome.reasons) <= REASONS):
        return f"no clear reason: {outcome.reasons}"
    return _fault_of_view(outcome.view) if outcome.view else ""


def _fault_of_view(view: bytes) -> str:
    image = Image.open(BytesIO(view))
    traces = [trace.decode("latin-1") for trace in TRACES if trace in view]
    if image.format != "JPEG" or image.getexif() or traces:
        return f"shown as {image.format} with {traces or 'metadata'}"
    return ""


# --- What a link refuses -------------------------------------------------------------------------------------------


def _uploads(context: DrillContext) -> Iterator[tuple[str, str]]:
    """Yield each kind of wrong upload, with a fault or None."""
    who = signed_in(owner_of(Mode.CORROSION), context.base_url)
    slot = who.post("/inspections", {"mode": Mode.CORROSION}).body["uploads"][0]["slot_id"]
    photo = jpeg()
    kinds: dict[str, tuple[bytes, dict[str, str]]] = {
        "another checksum": (photo[:-1] + b"\0", {}),
        "another type": (photo, {"Content-Type": "text/html"}),
        "one byte more": (photo + b"\0", {"Content-Length": str(len(photo) + 1)}),
        "one byte less": (photo[:-1], {"Content-Length": str(len(photo) - 1)}),
        "nothing": (b"", {"Content-Length": "0"}),
    }
    for name, (content, headers) in kinds.items():
        target = _declared(who, slot, photo)
        path = target["upload"]["url"].removeprefix(f"{context.base_url}/v1")
        answer = call(context.base_url, "PUT", path, content, headers={**target["upload"]["headers"], **headers})
        is_stored = object_store().head(_uri(target)) is not None
        is_refused = answer.status in (400, 403, 413) and not is_stored
        yield name, "" if is_refused else f"{answer.status}, stored: {is_stored}"
    for is_announced in (True, False):
        yield (
            f"200 MB, {'as announced' if is_announced else 'in chunks'}",
            _far_too_much(context, who, slot, is_announced=is_announced),
        )


def _declared(who: Caller, slot: str, content: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    fields = {"angle": "wide", "content_type": "image/jpeg", "byte_size": len(content), "sha256": sha256}
    target: dict[str, Any] = who.post(f"/slots/{slot}/assets", fields).body
    return target


def _uri(target: dict[str, Any]) -> str:
    return MediaAsset.objects.get(pk=target["asset_id"]).uri


def _far_too_much(context: DrillContext, who: Caller, slot: str, *, is_announced: bool) -> str:
    """Declare one byte and send 200 MB: with the true length in the header, or without one (chunked)."""
    target = _declared(who, slot, b"\xff")
    before = _web_bytes(context)
    connection = http.client.HTTPConnection(urlsplit(context.base_url).netloc, timeout=120)
    headers = {"Content-Type": "image/jpeg", **({"Content-Length": str(SENT_BYTES)} if is_announced else {})}
    pieces = (b"\xff" * 65536 for _ in range(SENT_BYTES // 65536))
    status = NO_ANSWER
    with suppress(OSError, http.client.HTTPException):  # the server may close the connection while we still send
        connection.request(
            "PUT", urlsplit(target["upload"]["url"]).path, pieces, headers, encode_chunked=not is_announced
        )
        status = connection.getresponse().status
    connection.close()
    grown = _web_bytes(context) - before
    is_stored = object_store().head(_uri(target)) is not None
    is_refused = status in (NO_ANSWER, 400, 403, 413) and not is_stored
    return "" if is_refused and grown < SENT_BYTES else f"{status}, stored: {is_stored}, {grown / 1e6:.0f} MB"


def _web_bytes(context: DrillContext) -> int:
    """Return the peak memory of the web processes."""
    if context.server is None:
        return 0
    group = context.server.pids()["web"]
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(process.name)) == group:
                status = (process / "status").read_text()
                found += int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return found


if __name__ == "__main__":
    main(drill, disable_guard)
