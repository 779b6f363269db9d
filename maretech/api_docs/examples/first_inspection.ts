// node first_inspection.ts https://api.example.com you@example.org 'a long password' wide.jpg mid.jpg close.jpg
import { readFile } from "node:fs/promises";

const [baseUrl, email, password, ...photos] = process.argv.slice(2);
let token = "";

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${baseUrl}/v1${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok && answer.status !== 304) throw new Error(`${answer.status} ${await answer.text()}`);
  return { body: answer.status === 304 ? null : await answer.json(), headers: answer.headers };
}

const newKey = () => ({ "Idempotency-Key": crypto.randomUUID() });
const wait = (seconds: number) => new Promise((resume) => setTimeout(resume, seconds * 1000));

// 1. Register. Later, sign in with /auth/login.
token = (await call("POST", "/auth/register", { email, password })).body.token.access_token;

// 2. Read what to photograph: a wide, a mid and a close photo of each point.
const policy = (await call("GET", "/capture-policy/corrosion")).body;
console.error("angles:", ...policy.angles);

// 3. Open the inspection. Store the key first: the same key is the same inspection, also after a crash.
const opened = (await call("POST", "/inspections", { mode: "corrosion" }, newKey())).body;

for (const [number, angle] of policy.angles.entries()) {
  const content = await readFile(photos[number]);
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", content)).toString("hex");

  // 4. Announce the photo: the link takes exactly these bytes.
  const photo = { angle, content_type: "image/jpeg", byte_size: content.length, sha256: digest };
  const declared = (await call("POST", `/slots/${opened.uploads[0].slot_id}/assets`, photo, newKey())).body;

  // 5. Upload it with the headers that the link names. The browser writes Content-Length itself.
  const { method, url, headers } = declared.upload;
  const { "Content-Length": _, ...named } = headers;
  const stored = await fetch(url, { method, headers: named, body: content });
  if (!stored.ok) throw new Error(`${stored.status} ${await stored.text()}`);

  // 6. Report it, and the server checks it.
  await call("POST", `/assets/${declared.asset_id}/uploaded`);

  // 7. Poll the check. Show retake_reasons while the owner is at the hull.
  let asset = (await call("GET", `/assets/${declared.asset_id}`)).body;
  while (asset.state === "uploaded") {
    await wait(1);
    asset = (await call("GET", `/assets/${declared.asset_id}`)).body;
  }
  console.error(`${angle}: ${asset.state}`, ...asset.retake_reasons);
}

// 8. Submit. The analysis runs once, however often this is called.
const inspection = `/inspections/${opened.inspection_id}`;
await call("POST", `${inspection}/submit`, {});

// 9. Poll the status. Retry-After says how often; with If-None-Match an unchanged answer is 304.
let status = await call("GET", `${inspection}/status`);
while (!["completed", "failed"].includes(status.body?.status)) {
  await wait(Number(status.headers.get("Retry-After") ?? 2));
  status = await call("GET", `${inspection}/status`, undefined, { "If-None-Match": status.headers.get("ETag") ?? "" });
}

// 10. Read the result.
console.log(JSON.stringify((await call("GET", `${inspection}/result`)).body, null, 2));
