// Sends what this device keeps: visits, then their photos, then the submission. Any step may be the last before the
// battery is empty, so each writes down what the server answered, and asking again has the same effect once.
import { ApiError, type MaretechClient, NoAnswer, answer, secondsToWait } from "@maretech/client";
import { type Database, readSetting, writeSetting } from "./database.ts";
import type { Pause, Photo, Problem, Visit } from "./records.ts";
import { changePhoto, changeVisit } from "./visits.ts";

export interface Transport {
  client: MaretechClient;
  /** Sends bytes to an upload link, which carries its own right. */
  upload: typeof globalThis.fetch;
}

export interface Drain extends Transport {
  database: Database;
  ownerId: string;
  /** Called after each change that a screen may show. */
  changed: () => void;
  wait: (milliseconds: number) => Promise<void>;
  now: () => number;
}

/** Thrown to end a round: nothing can be sent before the pause is over. */
class Paused extends Error {
  readonly pause: Pause;

  constructor(pause: Pause) {
    super(pause.reason);
    this.pause = pause;
  }
}

const OFFLINE_MS = 15_000;
const BUSY_MS = 10_000;
const CHECK_MS = 1_000;
const CHECKS_AT_ONCE = 120; // rounds of waiting for checks before the drain ends and is started again
// A connection that hangs for ever must not keep the other photos waiting: one that sends 5 kB a second still arrives.
const UPLOAD_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 5;
const MAX_REFUSALS = 3;
const MAX_ROUNDS = 3;
const TRANSFER_FAULTS = new Set(["missing", "incomplete", "checksum_mismatch"]);

/** Send everything of this owner that can be sent now. Returns why it paused; null if nothing is left to do. */
export async function drain(context: Drain): Promise<Pause | null> {
  try {
    for (let round = 0; round < CHECKS_AT_ONCE; round += 1) {
      const waiting = await drainOnce(context);
      await pauseUntil(context, null);
      if (!waiting) return null;
      await context.wait(waiting);
    }
    return null;
  } catch (error) {
    if (!(error instanceof Paused)) throw error;
    await pauseUntil(context, error.pause);
    return error.pause;
  }
}

async function pauseUntil(context: Drain, pause: Pause | null): Promise<void> {
  const before = await readSetting(context.database, "pause");
  if (before?.reason === pause?.reason && before?.until === pause?.until) return;
  await writeSetting(context.database, "pause", pause);
  context.changed();
}

/** Advance every visit as far as it goes. Returns the milliseconds after which a check may be over; 0 if none runs. */
async function drainOnce(context: Drain): Promise<number> {
  let waiting = 0;
  const visits = await context.database.getAllFromIndex("visits", "owner", context.ownerId);
  for (const visit of visits.sort((one, other) => one.createdAt.localeCompare(other.createdAt))) {
    if (visit.problem === null && visit.submission !== "done") waiting = Math.max(waiting, await advance(context, visit));
  }
  return waiting;
}

async function advance(context: Drain, visit: Visit): Promise<number> {
  let current: Visit | undefined = visit;
  try {
    if (current.inspectionId === null) current = await openInspection(context, current);
    let waiting = 0;
    for (const photo of current ? await photosOf(context, current) : []) {
      if (photo.state === "ready" || photo.state === "failed") continue;
      current = current && (await openSlot(context, current, photo.point));
      if (!current) return 0;
      waiting = Math.max(waiting, await advancePhoto(context, current, photo));
    }
    if (current && !waiting) await submit(context, current.id);
    return waiting;
  } catch (error) {
    const problem = problemOf(error, context);
    await changeVisit(context.database, visit.id, () => ({ problem }));
    context.changed();
    return 0;
  }
}

async function photosOf(context: Drain, visit: Visit): Promise<Photo[]> {
  const photos = await context.database.getAllFromIndex("photos", "visit", visit.id);
  return photos.sort((one, other) => one.point - other.point || one.takenAt.localeCompare(other.takenAt));
}

async function openInspection(context: Drain, visit: Visit): Promise<Visit | undefined> {
  const { data, response } = await context.client.POST("/v1/inspections", {
    params: { header: { "Idempotency-Key": openingKey(visit) } },
    body: {
      mode: visit.mode,
      ...(visit.vesselId ? { vessel_id: visit.vesselId } : { vessel_label: visit.vesselLabel }),
      capture_context: visit.context,
    },
  });
  const opened = data!;
  const taken = await context.database.getAllFromIndex("visits", "owner", context.ownerId);
  const isTaken = taken.some((one) => one.id !== visit.id && one.inspectionId === opened.inspection_id);
  const isOther = response.status === 200 && response.headers.get("Idempotent-Replayed") !== "true";
  // Without a subscription there is one unfinished inspection at a time: its photos must not be replaced by these.
  const problem: Problem | null = isTaken || isOther ? { code: "ANOTHER_IS_OPEN" } : null;
  const change = problem ? { problem } : { inspectionId: opened.inspection_id };
  const changed = await changeVisit(context.database, visit.id, () => change);
  context.changed();
  return problem ? undefined : changed;
}

function openingKey(visit: Visit): string {
  return visit.reopened ? `${visit.id}.${visit.reopened}` : visit.id;
}

/** Open points up to this one. The server opens them in order, and first returns those that it had reserved. */
async function openSlot(context: Drain, visit: Visit, point: number): Promise<Visit | undefined> {
  let current: Visit | undefined = visit;
  for (let attempt = 0; current && !(point in current.slots) && attempt <= point; attempt += 1) {
    const open: Visit = current;
    const next = Array.from({ length: point }, (_, index) => index + 1).find((index) => !(index in open.slots)) ?? point;
    const label = open.labels[next];
    const slot = await answer(
      context.client.POST("/v1/inspections/{inspection_id}/slots", {
        params: {
          path: { inspection_id: open.inspectionId! },
          header: { "Idempotency-Key": `${open.id}.${next}.${attempt}` },
        },
        body: label ? { label } : {},
      }),
    );
    current = await changeVisit(context.database, visit.id, (now) => ({
      slots: { ...now.slots, [slot.point_index]: slot.slot_id },
      labels: { ...now.labels, [slot.point_index]: now.labels[slot.point_index] || slot.label },
    }));
  }
  context.changed();
  return current;
}

/** Take one photo as far as it goes. Returns the milliseconds after which its check may be over; 0 if none runs. */
async function advancePhoto(context: Drain, visit: Visit, photo: Photo): Promise<number> {
  let current: Photo | undefined = photo;
  try {
    if (current.state === "created" || current.state === "uploading") current = await send(context, visit, current);
    return current?.state === "processing" ? await check(context, current) : 0;
  } catch (error) {
    if (error instanceof ApiError && concernsVisit(error)) throw error;
    const problem = problemOf(error, context);
    await changePhoto(context.database, photo.id, () => ({ state: "failed", problem }));
    context.changed();
    return 0;
  }
}

/** The whole inspection is refused, not this photo. */
function concernsVisit(error: ApiError): boolean {
  return error.status === 402 || error.status === 403 || error.code === "INSPECTION_CLOSED" || error.code === "NOT_FOUND";
}

async function send(context: Drain, visit: Visit, photo: Photo): Promise<Photo | undefined> {
  const bytes = await context.database.get("bytes", photo.id);
  if (bytes === undefined) return undefined;
  const declared = await answer(
    context.client.POST("/v1/slots/{slot_id}/assets", {
      params: {
        path: { slot_id: visit.slots[photo.point]! },
        header: { "Idempotency-Key": `${photo.id}.${photo.round}` },
      },
      body: {
        angle: photo.angle,
        content_type: photo.contentType,
        byte_size: photo.byteSize,
        sha256: photo.sha256,
        capture: photo.metadata,
      },
    }),
  );
  const { asset_id: assetId, upload } = declared;
  if (!(await changePhoto(context.database, photo.id, () => ({ state: "uploading", assetId })))) return undefined;
  context.changed();
  if (!(await put(context, upload, bytes))) return await refusedByStore(context, photo);
  try {
    await context.client.POST("/v1/assets/{asset_id}/uploaded", { params: { path: { asset_id: assetId } } });
  } catch (error) {
    // The store answered yes and has nothing: it is sent again.
    if (error instanceof ApiError && error.code === "UPLOADS_MISSING") return await refusedByStore(context, photo);
    throw error;
  }
  const sent = await changePhoto(context.database, photo.id, () => ({ state: "processing" }));
  context.changed();
  return sent;
}

/** Send the bytes to their link. Returns whether the store took them. */
async function put(
  context: Drain,
  link: { method: string; url: string; headers: Record<string, string> },
  bytes: ArrayBuffer,
): Promise<boolean> {
  // The browser sets the length itself and lets no script name it.
  const headers = Object.entries(link.headers).filter(([name]) => name.toLowerCase() !== "content-length");
  const signal = AbortSignal.timeout(UPLOAD_MS + Math.ceil(bytes.byteLength / SLOWEST_BYTES_PER_MS));
  let response: Response;
  try {
    response = await context.upload(link.url, { method: link.method, headers, body: bytes, signal });
  } catch {
    throw new Paused(offline(context));
  }
  if (response.status === 429 || response.status >= 500) throw new Paused(busy(context, secondsToWait(response)));
  return response.ok;
}

/** A link that refused the bytes is old, as a rule: the next round gets a fresh one for the same asset. */
async function refusedByStore(context: Drain, photo: Photo): Promise<Photo | undefined> {
  const refusals = photo.refusals + 1;
  const change: Partial<Photo> =
    refusals < MAX_REFUSALS
      ? { state: "created", refusals }
      : { state: "failed", refusals, problem: { code: "UPLOAD_REFUSED" } };
  const changed = await changePhoto(context.database, photo.id, () => change);
  context.changed();
  return changed?.state === "created" ? await resend(context, changed) : changed;
}

async function resend(context: Drain, photo: Photo): Promise<Photo | undefined> {
  const visit = await context.database.get("visits", photo.visitId);
  return visit && (await send(context, visit, photo));
}

/** Ask what the server's check found. Returns the milliseconds to wait before asking again; 0 when it is over. */
async function check(context: Drain, photo: Photo): Promise<number> {
  const { data, response } = await context.client.GET("/v1/assets/{asset_id}", {
    params: { path: { asset_id: photo.assetId! } },
  });
  const asset = data!;
  if (asset.state === "ready") await noteReady(context, photo.id, asset.warnings, asset.framing ?? null);
  else if (asset.state === "rejected") return await noteRejected(context, photo, asset.retake_reasons);
  else return (secondsToWait(response) ?? CHECK_MS / 1000) * 1000;
  context.changed();
  return 0;
}

/** The server has judged the photo and keeps it: its bytes may leave this device. */
async function noteReady(
  context: Drain,
  photoId: string,
  warnings: string[],
  framing: Photo["framing"],
): Promise<void> {
  const transaction = context.database.transaction(["photos", "bytes"], "readwrite");
  const photo = await transaction.objectStore("photos").get(photoId);
  if (photo) {
    await transaction
      .objectStore("photos")
      .put({ ...photo, state: "ready", problem: null, warnings, framing, hasBytes: false });
    await transaction.objectStore("bytes").delete(photoId);
  }
  await transaction.done;
}

/** What went wrong on the way is sent again soon; what must be photographed again waits for its owner. */
async function noteRejected(context: Drain, photo: Photo, retakeReasons: string[]): Promise<number> {
  const isOnTheWay = retakeReasons.some((reason) => TRANSFER_FAULTS.has(reason));
  const again = isOnTheWay && photo.round + 1 < MAX_ROUNDS;
  await changePhoto(context.database, photo.id, () =>
    again
      ? { state: "created", round: photo.round + 1, refusals: 0 }
      : { state: "failed", retakeReasons, problem: { code: isOnTheWay ? "UPLOAD_REFUSED" : "RETAKE" } },
  );
  context.changed();
  return again ? CHECK_MS : 0;
}

/** Submit a visit whose owner asked for it, once no photo is on its way any more. */
async function submit(context: Drain, visitId: string): Promise<void> {
  const visit = await context.database.get("visits", visitId);
  if (visit?.submission !== "requested" || !visit.inspectionId) return;
  const photos = await photosOf(context, visit);
  if (photos.some((photo) => photo.state !== "ready" && photo.state !== "failed")) return;
  // A failed photo waits for its owner, who takes it again, discards it, or submits without it.
  if (photos.some((photo) => photo.state === "failed") && !visit.acceptIncomplete) return;
  await context.client.POST("/v1/inspections/{inspection_id}/submit", {
    params: { path: { inspection_id: visit.inspectionId } },
    body: { accept_incomplete: visit.acceptIncomplete },
  });
  await changeVisit(context.database, visitId, () => ({ submission: "done", problem: null }));
  context.changed();
}

/** Return what to tell the owner. Throws `Paused` for what ends by itself. */
function problemOf(error: unknown, context: Drain): Problem {
  if (error instanceof Paused) throw error;
  if (error instanceof NoAnswer) throw new Paused(offline(context));
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) throw new Paused({ reason: "signed-out", until: Number.MAX_SAFE_INTEGER });
  if (error.isTemporary) throw new Paused(busy(context, error.retryAfter));
  const problem: Problem = { code: error.code, message: error.message };
  return error.reason ? { ...problem, reason: error.reason } : problem;
}

function offline(context: Drain): Pause {
  return { reason: "offline", until: context.now() + OFFLINE_MS };
}

function busy(context: Drain, seconds: number | null): Pause {
  return { reason: "busy", until: context.now() + (seconds ? seconds * 1000 : BUSY_MS) };
}
