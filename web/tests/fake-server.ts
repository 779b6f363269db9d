// The part of the API that the queue speaks, in memory, with the faults of a bad connection.
import { connect, type MaretechClient } from "@maretech/client";

const CLOSED = { error_code: "INSPECTION_CLOSED", message: "closed", request_id: "r" };
const ORIGIN = "http://server.test";

export interface ServerPhoto {
  id: string;
  slot: string;
  angle: string;
  sha256: string;
  state: "created" | "uploaded" | "ready" | "rejected";
  bytes: ArrayBuffer | null;
  isReplaced: boolean;
}

type Fault = "no answer" | "lost answer" | "busy" | "signed out";

export class FakeServer {
  readonly inspections = new Map<string, { slots: string[]; opened: number; submitted: number; status: string }>();
  readonly photos = new Map<string, ServerPhoto>();
  readonly calls: string[] = [];
  /** Faults by call, such as "POST /v1/inspections": each is used once, in order. */
  readonly faults = new Map<string, Fault[]>();
  /** What the check finds, by angle; without an entry the photo is ready. */
  readonly retakeReasons = new Map<string, string[]>();
  /** How many times the next links refuse, as old ones do. */
  refusedLinks = 0;
  refusal: { call: string; status: number; error_code: string; reason?: string } | null = null;
  private readonly replays = new Map<string, { status: number; body: unknown }>();
  private count = 0;

  client(): MaretechClient {
    return connect({ baseUrl: ORIGIN, token: async () => "token", fetch: (request) => this.answer(request as Request) });
  }

  upload = async (link: RequestInfo | URL, options?: RequestInit): Promise<Response> => {
    const fault = this.faultOf("PUT");
    if (fault === "no answer") throw new TypeError("network");
    if (this.refusedLinks > 0) {
      this.refusedLinks -= 1;
      return new Response("expired", { status: 403 });
    }
    const photo = this.photos.get(String(link).split("/").pop()!)!;
    photo.bytes = (options?.body ?? null) as ArrayBuffer | null;
    if (fault === "lost answer") throw new TypeError("network");
    return new Response(null, { status: 200 });
  };

  private faultOf(call: string): Fault | undefined {
    return this.faults.get(call)?.shift();
  }

  private async answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const call = `${request.method} ${path.replace(/[0-9a-f-]{8,}|(?<=\/)(i|s|p)\d+/g, "ID")}`;
    this.calls.push(call);
    const fault = this.faultOf(call);
    if (fault === "no answer") throw new TypeError("network");
    if (fault === "busy") return refused(503, "SERVICE_UNAVAILABLE", { "Retry-After": "7" });
    if (fault === "signed out") return refused(401, "TOKEN_INVALID");
    if (this.refusal?.call === call) return refused(this.refusal.status, this.refusal.error_code, {}, this.refusal.reason);
    const text = await request.text();
    const response = this.replayed(request, path, () => this.act(request.method, path, text ? JSON.parse(text) : {}));
    if (fault === "lost answer") throw new TypeError("network");
    return response;
  }

  private replayed(request: Request, path: string, act: () => { status: number; body: unknown }): Response {
    const key = request.headers.get("Idempotency-Key");
    const before = key === null ? undefined : this.replays.get(`${path} ${key}`);
    const { status, body } = before ?? act();
    if (key !== null && status < 300) this.replays.set(`${path} ${key}`, { status, body });
    return Response.json(body, { status, headers: before ? { "Idempotent-Replayed": "true" } : {} });
  }

  private act(method: string, path: string, body: Record<string, string>): { status: number; body: unknown } {
    const [, , kind, id, act] = path.split("/");
    if (kind === "inspections" && !id) return { status: 201, body: { inspection_id: this.open(), uploads: [] } };
    const inspection = this.inspections.get(id!);
    const of = kind === "slots" ? [...this.inspections.values()].find((one) => one.slots.includes(id!)) : inspection;
    if (method === "POST" && of && of.status !== "pending") return { status: 409, body: CLOSED };
    if (act === "slots") return { status: 201, body: this.slot(id!) };
    if (act === "submit") {
      inspection!.submitted += 1;
      return { status: 202, body: { job_id: "j", state: "queued" } };
    }
    if (kind === "slots") return { status: 201, body: this.announce(id!, body) };
    const photo = this.photos.get(id!);
    if (!photo || photo.isReplaced) return { status: 404, body: { error_code: "NOT_FOUND", message: "gone", request_id: "r" } };
    if (method === "POST") {
      if (!photo.bytes) return { status: 409, body: { error_code: "UPLOADS_MISSING", message: "missing", request_id: "r" } };
      photo.state = "uploaded";
      return { status: 202, body: {} };
    }
    return { status: 200, body: this.checked(photo) };
  }

  private open(): string {
    const id = this.id("i");
    this.inspections.set(id, { slots: [], opened: 0, submitted: 0, status: "pending" });
    return id;
  }

  private slot(inspectionId: string): unknown {
    const inspection = this.inspections.get(inspectionId)!;
    const slot = this.id("s");
    inspection.slots.push(slot);
    return { slot_id: slot, point_index: inspection.slots.length, label: "", required_angles: [], uploads: [] };
  }

  private announce(slot: string, body: Record<string, string>): unknown {
    const current = [...this.photos.values()].find((one) => one.slot === slot && one.angle === body.angle && !one.isReplaced);
    let photo = current?.sha256 === body.sha256 ? current : undefined;
    if (!photo) {
      if (current) current.isReplaced = true;
      photo = { id: this.id("p"), slot, angle: body.angle!, sha256: body.sha256!, state: "created", bytes: null, isReplaced: false };
      this.photos.set(photo.id, photo);
    }
    const upload = { method: "PUT", url: `http://store.test/${photo.id}`, headers: { "Content-Type": "image/jpeg", "Content-Length": "3" } };
    return { asset_id: photo.id, angle: photo.angle, state: photo.state, upload };
  }

  private checked(photo: ServerPhoto): unknown {
    const reasons = this.retakeReasons.get(photo.angle) ?? [];
    photo.state = reasons.length > 0 ? "rejected" : "ready";
    return { asset_id: photo.id, state: photo.state, warnings: [], retake_reasons: reasons, framing: null };
  }

  private id(letter: string): string {
    this.count += 1;
    return `${letter}${this.count}`;
  }
}

function refused(status: number, code: string, headers: Record<string, string> = {}, reason?: string): Response {
  return Response.json({ error_code: code, message: code, request_id: "r", ...(reason ? { reason } : {}) }, { status, headers });
}
