// What the owner does to visits and photos. Each function is one transaction: it is done, or nothing happened.
import type { Angle, Mode, Schemas } from "@maretech/client";
import type { Database } from "./database.ts";
import type { CaptureContext, CaptureMetadata, Photo, Policy, Visit } from "./records.ts";

export interface NewVisit {
  ownerId: string;
  mode: Mode;
  policy: Policy;
  vesselId: string | null;
  vesselLabel: string;
  context: CaptureContext;
}

export async function startVisit(database: Database, fields: NewVisit): Promise<Visit> {
  const visit: Visit = {
    ...fields,
    id: crypto.randomUUID(),
    createdAt: new Date().toISOString(),
    inspectionId: null,
    slots: {},
    labels: {},
    submission: "none",
    acceptIncomplete: false,
    problem: null,
  };
  await database.add("visits", visit);
  return visit;
}

/** Return the visit of an inspection that was opened elsewhere or before this device forgot it. */
export async function visitOfInspection(
  database: Database,
  ownerId: string,
  inspection: Schemas["InspectionDetail"],
  policy: Policy,
): Promise<Visit> {
  const transaction = database.transaction("visits", "readwrite");
  const known = await transaction.store.index("owner").getAll(ownerId);
  const slots = Object.fromEntries(inspection.slots.map((slot) => [slot.point_index, slot.slot_id]));
  const labels = Object.fromEntries(inspection.slots.map((slot) => [slot.point_index, slot.label]));
  let visit = known.find((one) => one.inspectionId === inspection.inspection_id);
  visit = visit
    ? { ...visit, slots: { ...visit.slots, ...slots }, labels: { ...labels, ...visit.labels } }
    : {
        id: crypto.randomUUID(),
        ownerId,
        mode: inspection.mode,
        createdAt: inspection.created_at,
        vesselId: inspection.vessel_id,
        vesselLabel: inspection.vessel_label,
        context: {},
        policy,
        inspectionId: inspection.inspection_id,
        slots,
        labels,
        submission: inspection.status === "pending" ? "none" : "done",
        acceptIncomplete: false,
        problem: null,
      };
  await transaction.store.put(visit);
  await transaction.done;
  return visit;
}

export interface NewPhoto {
  visit: Visit;
  point: number;
  angle: Angle;
  bytes: ArrayBuffer;
  contentType: string;
  metadata: CaptureMetadata;
  thumbnail: ArrayBuffer | null;
}

/** Keep a photo; it takes the place of an earlier one of this point and angle. Throws if the device has no room. */
export async function keepPhoto(database: Database, fields: NewPhoto): Promise<Photo> {
  const { visit, bytes, ...rest } = fields;
  const photo: Photo = {
    ...rest,
    id: crypto.randomUUID(),
    visitId: visit.id,
    ownerId: visit.ownerId,
    byteSize: bytes.byteLength,
    sha256: hex(await crypto.subtle.digest("SHA-256", bytes)),
    takenAt: new Date().toISOString(),
    state: "created",
    round: 0,
    refusals: 0,
    assetId: null,
    problem: null,
    retakeReasons: [],
    warnings: [],
    framing: null,
    hasBytes: true,
  };
  const transaction = database.transaction(["photos", "bytes"], "readwrite", { durability: "strict" });
  const photos = transaction.objectStore("photos");
  for (const earlier of await photos.index("visit").getAll(visit.id)) {
    if (earlier.point === photo.point && earlier.angle === photo.angle) {
      await photos.delete(earlier.id);
      await transaction.objectStore("bytes").delete(earlier.id);
    }
  }
  await photos.add(photo);
  await transaction.objectStore("bytes").add(bytes, photo.id);
  await transaction.done;
  return photo;
}

/** Forget a photo on this device: the owner's decision, never the app's. */
export async function discardPhoto(database: Database, photoId: string): Promise<void> {
  const transaction = database.transaction(["photos", "bytes"], "readwrite");
  await transaction.objectStore("photos").delete(photoId);
  await transaction.objectStore("bytes").delete(photoId);
  await transaction.done;
}

/** Forget a visit with its photos on this device. What the server has of it stays there. */
export async function discardVisit(database: Database, visitId: string): Promise<void> {
  const transaction = database.transaction(["visits", "photos", "bytes", "ghosts"], "readwrite");
  await transaction.objectStore("visits").delete(visitId);
  for (const photoId of await transaction.objectStore("photos").index("visit").getAllKeys(visitId)) {
    await transaction.objectStore("photos").delete(photoId);
    await transaction.objectStore("bytes").delete(photoId);
  }
  for (const key of await transaction.objectStore("ghosts").index("visit").getAllKeys(visitId)) {
    await transaction.objectStore("ghosts").delete(key);
  }
  await transaction.done;
}

/** Forget visits that the server has whole. One with a photo that only this device has stays. */
export async function forgetFinished(database: Database): Promise<void> {
  for (const visit of await database.getAll("visits")) {
    if (visit.submission !== "done") continue;
    const photos = await database.getAllFromIndex("photos", "visit", visit.id);
    if (photos.every((photo) => !photo.hasBytes)) await discardVisit(database, visit.id);
  }
}

/** Send a failed photo again: the same bytes, announced anew. */
export async function sendAgain(database: Database, photoId: string): Promise<void> {
  await changePhoto(database, photoId, (photo) =>
    photo.state === "failed" && photo.hasBytes
      ? { state: "created", round: photo.round + 1, refusals: 0, problem: null, retakeReasons: [] }
      : {},
  );
}

/** Ask for the submission, which follows the last photo. */
export async function requestSubmission(
  database: Database,
  visitId: string,
  { acceptIncomplete }: { acceptIncomplete: boolean },
): Promise<void> {
  await changeVisit(database, visitId, (visit) =>
    visit.submission === "done" ? {} : { submission: "requested", acceptIncomplete, problem: null },
  );
}

/** Go on with a visit that the server had refused: its owner has changed something since. */
export async function retryVisit(database: Database, visitId: string): Promise<void> {
  await changeVisit(database, visitId, () => ({ problem: null }));
}

/**
 * Open a new inspection for the photos that this device still has: theirs has closed before they arrived.
 * What the server has of the closed one stays there.
 */
export async function reopenVisit(database: Database, visitId: string): Promise<void> {
  const transaction = database.transaction(["visits", "photos"], "readwrite");
  const visit = await transaction.objectStore("visits").get(visitId);
  if (visit?.problem) {
    const reopened = (visit.reopened ?? 0) + 1;
    const submission = "none" as const;
    await transaction
      .objectStore("visits")
      .put({ ...visit, reopened, inspectionId: null, slots: {}, submission, acceptIncomplete: false, problem: null });
    const photos = transaction.objectStore("photos");
    for (const photo of await photos.index("visit").getAll(visitId)) {
      if (photo.hasBytes) {
        await photos.put({ ...photo, state: "created", round: 0, refusals: 0, assetId: null, problem: null, retakeReasons: [] });
      } else await photos.delete(photo.id);
    }
  }
  await transaction.done;
}

/** Change a visit that still exists. Returns it as it is now; undefined if the owner discarded it meanwhile. */
export async function changeVisit(
  database: Database,
  visitId: string,
  change: (visit: Visit) => Partial<Visit>,
): Promise<Visit | undefined> {
  const transaction = database.transaction("visits", "readwrite");
  const visit = await transaction.store.get(visitId);
  const changed = visit && { ...visit, ...change(visit) };
  if (changed) await transaction.store.put(changed);
  await transaction.done;
  return changed;
}

/** Change a photo that still exists. Returns it as it is now; undefined if it was discarded or replaced meanwhile. */
export async function changePhoto(
  database: Database,
  photoId: string,
  change: (photo: Photo) => Partial<Photo>,
): Promise<Photo | undefined> {
  const transaction = database.transaction("photos", "readwrite");
  const photo = await transaction.store.get(photoId);
  const changed = photo && { ...photo, ...change(photo) };
  if (changed) await transaction.store.put(changed);
  await transaction.done;
  return changed;
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
