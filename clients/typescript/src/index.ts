// Typed calls of the Maretech API. `schema.ts` is generated from docs/openapi.yaml: npm run generate
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export type Schemas = components["schemas"];
export type ErrorBody = Schemas["Error"];
export type Mode = Schemas["ModeEnum"];
export type Angle = Schemas["AngleEnum"];

/** The server refused the call. Decide by `code` and `reason`; show `message`. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  /** Seconds after which a retry makes sense, if the server named any. */
  readonly retryAfter: number | null;

  constructor(response: Response, body: ErrorBody) {
    super(body.message);
    this.name = "ApiError";
    this.status = response.status;
    this.body = body;
    this.retryAfter = secondsToWait(response);
  }

  get code(): string {
    return this.body.error_code;
  }

  get reason(): string | undefined {
    return this.body.reason;
  }

  /** Whether the same call may succeed later without any change. */
  get isTemporary(): boolean {
    return this.status === 429 || this.status >= 500 || this.code === "IDEMPOTENCY_IN_PROGRESS";
  }
}

/** No answer arrived. The call may or may not have had its effect: repeat it with the same idempotency key. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super("No answer from the server.", { cause });
    this.name = "NoAnswer";
  }
}

/** Returns an access token, a new one if `renew` is set; null if nobody is signed in. */
export type TokenSource = (renew: boolean) => Promise<string | null>;

// A connection may hang for ever without an error: then a call counts as unanswered.
const TIMEOUT_MS = 30_000;

export interface ClientOptions {
  baseUrl: string;
  token: TokenSource;
  fetch?: typeof globalThis.fetch;
}

export type MaretechClient = Client<paths>;

/** Return a client that signs each call and renews an expired token once. A refusal or a lost answer throws. */
export function connect({ baseUrl, token, fetch = globalThis.fetch.bind(globalThis) }: ClientOptions): MaretechClient {
  async function send(request: Request, renew: boolean): Promise<Response> {
    const access = await token(renew);
    if (access) request.headers.set("Authorization", `Bearer ${access}`);
    try {
      return await fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw new NoAnswer(cause);
    }
  }

  async function call(request: Request): Promise<Response> {
    const again = request.clone(); // the body of a request can be read once
    let response = await send(request, false);
    if (response.status === 401 && (await isOfToken(response))) response = await send(again, true);
    if (response.ok || response.status === 304) return response;
    throw new ApiError(response, await refusalOf(response));
  }

  return createClient<paths>({ baseUrl, fetch: call });
}

/** Return the body of a call that `connect` made: its refusals were thrown. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await call).data as T;
}

export function secondsToWait(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? seconds : null;
}

/** A wrong password is a 401 too: a second try would count as another guess. */
async function isOfToken(response: Response): Promise<boolean> {
  return (await refusalOf(response.clone())).error_code !== "INVALID_CREDENTIALS";
}

/** A proxy's page, or an answer that was cut, counts as a server that is away. */
async function refusalOf(response: Response): Promise<ErrorBody> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "error_code" in body) return body as ErrorBody;
  } catch {
    // not JSON
  }
  return { error_code: "SERVICE_UNAVAILABLE", message: "The server does not answer properly.", request_id: "" };
}
