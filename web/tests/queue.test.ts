// Nothing photographed is lost or doubled, whatever the connection does and wherever the device stops.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "fake-indexeddb/auto";
import { type Database, openDatabase, readSetting } from "../src/queue/database.ts";
import { type Drain, drain } from "../src/queue/drain.ts";
import type { Photo, Policy, Visit } from "../src/queue/records.ts";
import { discardPhoto, forgetFinished, keepPhoto, reopenVisit, requestSubmission, retryVisit, sendAgain, startVisit } from "../src/queue/visits.ts";
import { FakeServer } from "./fake-server.ts";

const POLICY = { angles: ["wide", "mid", "close"] } as unknown as Policy;
let server: FakeServer;
let database: Database;
let visit: Visit;
let count = 0;

beforeEach(async () => {
  server = new FakeServer();
  count += 1;
  database = await openDatabase(`test-${count}`);
  visit = await startVisit(database, { ownerId: "owner", mode: "corrosion", policy: POLICY, vesselId: null, vesselLabel: "Ada", context: {} });
});

function context(): Drain {
  return {
    database,
    client: server.client(),
    upload: server.upload,
    ownerId: "owner",
    changed: () => undefined,
    wait: async () => undefined,
    now: () => 1000,
  };
}

async function take(angle: Photo["angle"], point = 1, content: string = angle): Promise<Photo> {
  const bytes = new TextEncoder().encode(content).buffer as ArrayBuffer;
  return await keepPhoto(database, { visit, point, angle, bytes, contentType: "image/jpeg", metadata: {}, thumbnail: null });
}

async function takeAll(): Promise<void> {
  for (const angle of POLICY.angles) await take(angle);
}

/** Start the drain again until nothing changes, as an app that is opened again and again. */
async function drainAll(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await drain(context());
}

async function states(): Promise<string[]> {
  return (await database.getAll("photos")).map((photo) => photo.state).sort();
}

/** The server has each photo of this device once, with its bytes. */
async function assertNothingLostOrDoubled(): Promise<void> {
  assert.equal(server.inspections.size, 1);
  const live = [...server.photos.values()].filter((photo) => !photo.isReplaced);
  assert.deepEqual(live.map((photo) => photo.state), live.map(() => "ready"));
  assert.deepEqual(live.map((photo) => photo.sha256).sort(), (await database.getAll("photos")).map((photo) => photo.sha256).sort());
}

test("photos are sent, checked, and then submitted once", async () => {
  await takeAll();
  await requestSubmission(database, visit.id, { acceptIncomplete: false });
  assert.equal(await drain(context()), null);
  assert.deepEqual(await states(), ["ready", "ready", "ready"]);
  await assertNothingLostOrDoubled();
  assert.equal([...server.inspections.values()][0]!.submitted, 1);
  assert.equal((await database.getAllKeys("bytes")).length, 0);
});

test("the bytes stay until the server says ready", async () => {
  server.faults.set("GET /v1/assets/ID", ["no answer"]);
  await take("wide");
  assert.equal((await drain(context()))?.reason, "offline");
  assert.deepEqual(await states(), ["processing"]);
  assert.equal((await database.getAllKeys("bytes")).length, 1);
});

const CALLS = ["POST /v1/inspections", "POST /v1/inspections/ID/slots", "POST /v1/slots/ID/assets", "PUT", "POST /v1/assets/ID/uploaded", "GET /v1/assets/ID", "POST /v1/inspections/ID/submit"];

for (const call of CALLS) {
  for (const fault of ["no answer", "lost answer"] as const) {
    test(`${fault} to ${call}: it is repeated with the same effect once`, async () => {
      await takeAll();
      await requestSubmission(database, visit.id, { acceptIncomplete: false });
      server.faults.set(call, [fault, fault]);
      assert.equal((await drain(context()))?.reason, "offline");
      await drainAll();
      await assertNothingLostOrDoubled();
      assert.equal((await database.get("visits", visit.id))!.submission, "done");
    });
  }
}

test("a device that stops at any write goes on where it stood", async () => {
  await takeAll();
  await requestSubmission(database, visit.id, { acceptIncomplete: false });
  for (let writes = 0; (await database.get("visits", visit.id))!.submission !== "done"; writes += 1) {
    assert.ok(writes < 60, "it never ends");
    let left = writes % 4;
    const stopping = { ...context(), changed: () => { if (left-- === 0) throw new Error("the battery is empty"); } };
    await drain(stopping).catch((error: Error) => assert.equal(error.message, "the battery is empty"));
  }
  await assertNothingLostOrDoubled();
});

test("a link that expired is replaced by a fresh one for the same photo", async () => {
  server.refusedLinks = 1;
  await take("wide");
  await drain(context());
  assert.deepEqual(await states(), ["ready"]);
  assert.equal(server.photos.size, 1);
});

test("links that never take the bytes leave the photo to its owner", async () => {
  server.refusedLinks = 99;
  const photo = await take("wide");
  await drain(context());
  assert.equal((await database.get("photos", photo.id))!.problem?.code, "UPLOAD_REFUSED");
  server.refusedLinks = 0;
  await sendAgain(database, photo.id);
  await drain(context());
  assert.deepEqual(await states(), ["ready"]);
});

test("a busy server is asked again when it says", async () => {
  server.faults.set("POST /v1/slots/ID/assets", ["busy"]);
  await take("wide");
  assert.deepEqual(await drain(context()), { reason: "busy", until: 8000 });
  assert.equal((await readSetting(database, "pause"))?.reason, "busy");
  assert.equal(await drain(context()), null);
  assert.equal(await readSetting(database, "pause"), null);
});

test("a session that ended keeps everything for its owner", async () => {
  server.faults.set("POST /v1/slots/ID/assets", ["signed out", "signed out"]);
  await takeAll();
  assert.equal((await drain(context()))?.reason, "signed-out");
  assert.equal((await database.getAllKeys("bytes")).length, 3);
  await drain(context());
  await assertNothingLostOrDoubled();
});

test("another owner's photos are not sent", async () => {
  await takeAll();
  await drain({ ...context(), ownerId: "another" });
  assert.deepEqual(await states(), ["created", "created", "created"]);
  assert.deepEqual(server.calls, []);
});

test("a photo to take again waits with its reasons, and the submission with it", async () => {
  server.retakeReasons.set("mid", ["blurred"]);
  await takeAll();
  await requestSubmission(database, visit.id, { acceptIncomplete: false });
  await drain(context());
  const failed = (await database.getAll("photos")).find((photo) => photo.state === "failed")!;
  assert.deepEqual(failed.retakeReasons, ["blurred"]);
  assert.equal(failed.hasBytes, true);
  assert.equal([...server.inspections.values()][0]!.submitted, 0);
  server.retakeReasons.clear();
  await take("mid", 1, "sharper");
  await drain(context());
  await assertNothingLostOrDoubled();
  assert.equal([...server.inspections.values()][0]!.submitted, 1);
});

test("an owner may submit without the photo that failed", async () => {
  server.retakeReasons.set("mid", ["blurred"]);
  await takeAll();
  await requestSubmission(database, visit.id, { acceptIncomplete: true });
  await drain(context());
  assert.equal([...server.inspections.values()][0]!.submitted, 1);
  assert.equal((await database.getAllKeys("bytes")).length, 1); // until its owner discards it
});

test("what was cut off on the way is sent again by itself", async () => {
  server.retakeReasons.set("wide", ["incomplete"]);
  const photo = await take("wide");
  await drain(context());
  assert.equal(server.calls.filter((call) => call === "POST /v1/slots/ID/assets").length, 3);
  assert.equal((await database.get("photos", photo.id))!.problem?.code, "UPLOAD_REFUSED");
});

test("a refusal of the inspection keeps the photos, and the owner's retry goes on", async () => {
  server.refusal = { call: "POST /v1/inspections", status: 403, error_code: "SUBSCRIPTION_REQUIRED", reason: "PAYWALL_UI_035" };
  await takeAll();
  await drain(context());
  assert.deepEqual((await database.get("visits", visit.id))!.problem, { code: "SUBSCRIPTION_REQUIRED", reason: "PAYWALL_UI_035", message: "SUBSCRIPTION_REQUIRED" });
  server.refusal = null;
  await drain(context());
  assert.equal(server.inspections.size, 0); // nothing is asked before the owner has done something about it
  await retryVisit(database, visit.id);
  await drain(context());
  await assertNothingLostOrDoubled();
});

test("photos of an inspection that has closed go to a new one, once, when their owner says so", async () => {
  await take("wide");
  await drain(context());
  const [first] = server.inspections.values();
  first!.status = "failed";
  await take("mid");
  await take("close");
  await drain(context());
  assert.equal((await database.get("visits", visit.id))!.problem?.code, "INSPECTION_CLOSED");
  assert.equal((await database.getAllKeys("bytes")).length, 2);
  await Promise.all([reopenVisit(database, visit.id), reopenVisit(database, visit.id)]); // the button, pressed twice
  server.faults.set("POST /v1/inspections", ["lost answer"]);
  await drainAll();
  assert.equal(server.inspections.size, 2);
  assert.deepEqual(await states(), ["ready", "ready"]);
  assert.equal((await database.getAllKeys("bytes")).length, 0);
});

test("a finished visit is forgotten once the server has every photo of it", async () => {
  server.retakeReasons.set("mid", ["blurred"]);
  await takeAll();
  await requestSubmission(database, visit.id, { acceptIncomplete: true });
  await drain(context());
  await forgetFinished(database);
  const [failed] = (await database.getAll("photos")).filter((photo) => photo.state === "failed");
  await discardPhoto(database, failed!.id);
  await forgetFinished(database);
  assert.deepEqual(await database.getAllKeys("visits"), []);
  assert.deepEqual(await database.getAllKeys("photos"), []);
});

test("points are opened in order, each once", async () => {
  for (const point of [3, 1, 2]) await take("wide", point, `point ${point}`);
  await drain(context());
  await assertNothingLostOrDoubled();
  const [inspection] = server.inspections.values();
  assert.equal(inspection!.slots.length, 3);
  const { slots } = (await database.get("visits", visit.id))!;
  assert.deepEqual(Object.values(slots), inspection!.slots);
});

test("a photo that is taken again while it is sent takes its place", async () => {
  await take("wide");
  let isReplaced = false;
  const replacing: Drain = {
    ...context(),
    upload: async (link, options) => {
      if (!isReplaced) await take("wide", 1, "another");
      isReplaced = true;
      return await server.upload(link, options);
    },
  };
  await drain(replacing);
  await drain(context());
  await assertNothingLostOrDoubled();
  assert.equal((await database.getAll("photos")).length, 1);
});

test("a photo that its owner discards while it is sent is gone here", async () => {
  const photo = await take("wide");
  const discarding: Drain = {
    ...context(),
    upload: async (link, options) => {
      await discardPhoto(database, photo.id);
      return await server.upload(link, options);
    },
  };
  assert.equal(await drain(discarding), null);
  assert.equal((await database.getAll("photos")).length, 0);
  assert.equal((await database.getAllKeys("bytes")).length, 0);
});

test("an upload that hangs ends, and is tried again", async () => {
  await take("wide");
  let signal: AbortSignal | null | undefined;
  const hanging: Drain = {
    ...context(),
    upload: async (_link, options) => {
      signal = options?.signal;
      throw new DOMException("The operation timed out.", "TimeoutError");
    },
  };
  assert.equal((await drain(hanging))?.reason, "offline");
  assert.ok(signal instanceof AbortSignal);
  await drain(context());
  await assertNothingLostOrDoubled();
});

test("a second visit that gets the same inspection keeps its photos back", async () => {
  await take("wide");
  await drain(context());
  const [inspection] = server.inspections.keys();
  const second = await startVisit(database, { ownerId: "owner", mode: "corrosion", policy: POLICY, vesselId: null, vesselLabel: "Ada", context: {} });
  const bytes = new ArrayBuffer(3);
  await keepPhoto(database, { visit: second, point: 1, angle: "wide", bytes, contentType: "image/jpeg", metadata: {}, thumbnail: null });
  // The server returns the unfinished one: 200, and no replay.
  const client = server.client();
  const answered = { ...context(), client: { ...client, POST: async (path: string, options: never) =>
    path === "/v1/inspections"
      ? { data: { inspection_id: inspection }, response: new Response("{}", { status: 200 }) }
      : await (client.POST as (path: string, options: never) => Promise<unknown>)(path, options) } } as unknown as Drain;
  await drain(answered);
  assert.equal((await database.get("visits", second.id))!.problem?.code, "ANOTHER_IS_OPEN");
  assert.equal(server.photos.size, 1);
});
