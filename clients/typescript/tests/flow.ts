// The guided flow of one inspection with this package: flow.ts BASE_URL PHOTO PHOTO PHOTO
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { answer, ApiError, connect, secondsToWait, type Schemas } from "../src/index.ts";

const PATIENCE_MS = 60_000;
const [baseUrl = "", ...photos] = process.argv.slice(2);
let access: string | null = null;
let refresh = "";
const client = connect({ baseUrl, token: async (renew) => (renew && access !== null ? await renewed() : access) });

/** Exchange the refresh token: the client asks for a new access token once the old one is refused. */
async function renewed(): Promise<string> {
  const answered = await fetch(`${baseUrl}/v1/auth/refresh`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refresh_token: refresh }),
  });
  const { token } = (await answered.json()) as Schemas["Refreshed"];
  [access, refresh] = [token.access_token, token.refresh_token];
  return access;
}

type Answer<T> = { data?: T; response: Response };

async function poll<T>(ask: () => Promise<Answer<T>>, isDone: (body: T) => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const { data, response } = await ask();
    if (isDone(data as T)) return;
    await new Promise((resume) => setTimeout(resume, (secondsToWait(response) ?? 1) * 1000));
  }
  throw new Error("It took too long");
}

async function upload(target: Schemas["SlotUpload"], content: Uint8Array<ArrayBuffer>): Promise<void> {
  const announced = await answer(
    client.POST("/v1/slots/{slot_id}/assets", {
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
  await client.POST("/v1/assets/{asset_id}/uploaded", { params: { path: { asset_id: announced.asset_id } } });
}

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("It was not refused");
}

const anonymous = await refusalOf(client.GET("/v1/auth/me"));
const credentials = { email: `ts-${Date.now()}@example.org`, password: "keel-and-rudder-7" };
const { token } = await answer(client.POST("/v1/auth/register", { body: credentials }));
[access, refresh] = ["not a token of this server", token.refresh_token]; // the first call has to renew it

const params = { path: { mode: "corrosion" } } as const;
const policy = await answer(client.GET("/v1/capture-policy/{mode}", { params }));
const opened = await answer(
  client.POST("/v1/inspections", { body: { mode: "corrosion", capture_context: { hull_material: "steel" } } }),
);
if (opened.uploads.length !== policy.angles_per_point) throw new Error("One upload per angle was expected");
for (const [number, target] of opened.uploads.entries()) {
  await upload(target, readFileSync(photos[number] ?? ""));
}

const inspection = { path: { inspection_id: opened.inspection_id } };
await poll(
  () => client.GET("/v1/inspections/{inspection_id}", { params: inspection }),
  ({ slots }) => slots.every((slot) => slot.assets.every((asset) => asset.state === "ready")),
);
const early = await refusalOf(client.GET("/v1/inspections/{inspection_id}/result", { params: inspection }));
await client.POST("/v1/inspections/{inspection_id}/submit", { params: inspection, body: {} });
await poll(
  () => client.GET("/v1/inspections/{inspection_id}/status", { params: inspection }),
  ({ status }) => status === "completed",
);
const result = await answer(client.GET("/v1/inspections/{inspection_id}/result", { params: inspection }));
if (result.mode !== "corrosion") throw new Error(`A result of ${result.mode}`);
console.log(
  JSON.stringify({
    signal_detected: result.signal_detected,
    points: result.corrosion.points.length,
    refusals: [anonymous.code, early.code],
  }),
);
