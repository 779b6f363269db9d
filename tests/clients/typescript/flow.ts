// The guided flow of one inspection, by the generated types: flow.ts BASE_URL PHOTO PHOTO PHOTO
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

const PATIENCE_MS = 60_000;
const [baseUrl = "", ...photos] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl });

type Answer<T> = { data?: T; error?: unknown; response: Response };

function expectData<T>({ data, error, response }: Answer<T>): T {
  if (data === undefined) throw new Error(`${response.status} ${response.url} ${JSON.stringify(error)}`);
  return data;
}

async function poll<T>(ask: () => Promise<Answer<T>>, isDone: (body: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    const body = expectData(answer);
    if (isDone(body)) return body;
    const seconds = Number(answer.response.headers.get("Retry-After") ?? "1");
    await new Promise((resume) => setTimeout(resume, seconds * 1000));
  }
  throw new Error("It took too long");
}

async function upload(target: components["schemas"]["SlotUpload"], content: Uint8Array<ArrayBuffer>): Promise<void> {
  const announced = expectData(
    await client.POST("/v1/slots/{slot_id}/assets", {
      params: { path: { slot_id: target.slot_id } },
      body: {
        angle: target.angle,
        content_type: "image/jpeg",
        byte_size: content.length,
        sha256: createHash("sha256").update(content).digest("hex"),
      },
    }),
  );
  const { method, url, headers } = announced.upload;
  const stored = await fetch(url, { method, headers, body: content });
  if (!stored.ok) throw new Error(`${stored.status} ${await stored.text()}`);
  expectData(
    await client.POST("/v1/assets/{asset_id}/uploaded", { params: { path: { asset_id: announced.asset_id } } }),
  );
}

const credentials = { email: `ts-${Date.now()}@example.org`, password: "keel-and-rudder-7" };
const { token } = expectData(await client.POST("/v1/auth/register", { body: credentials }));
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token.access_token}`);
  },
});

const policy = expectData(await client.GET("/v1/capture-policy/{mode}", { params: { path: { mode: "corrosion" } } }));
const opened = expectData(
  await client.POST("/v1/inspections", { body: { mode: "corrosion", capture_context: { hull_material: "steel" } } }),
);
if (opened.uploads.length !== policy.angles_per_point) throw new Error("One upload per angle was expected");
for (const [number, target] of opened.uploads.entries()) {
  await upload(target, readFileSync(photos[number] ?? ""));
}

const params = { path: { inspection_id: opened.inspection_id } };
await poll(
  () => client.GET("/v1/inspections/{inspection_id}", { params }),
  (inspection) => inspection.slots.every((slot) => slot.assets.every((asset) => asset.state === "ready")),
);
expectData(await client.POST("/v1/inspections/{inspection_id}/submit", { params, body: {} }));
await poll(
  () => client.GET("/v1/inspections/{inspection_id}/status", { params }),
  (status) => status.status === "completed",
);
const result = expectData(await client.GET("/v1/inspections/{inspection_id}/result", { params }));
if (result.mode !== "corrosion") throw new Error(`A result of ${result.mode}`);
console.log(JSON.stringify({ signal_detected: result.signal_detected, points: result.corrosion.points.length }));
