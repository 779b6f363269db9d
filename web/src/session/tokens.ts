// The session of this browser: the access token is in memory, the refresh token in a cookie that no script can read.
import { ApiError, type ErrorBody, NoAnswer } from "@maretech/client";
import type { Owner } from "../queue/records.ts";

const SESSION = "/app/session";
const LOCK = "maretech-session";
const TIMEOUT_MS = 30_000;
const EARLY_MS = 30_000; // a token that ends while a call is on its way would be refused

interface Granted {
  user: Owner;
  access_token: string;
  expires_in: number;
}

let access: { token: string; until: number } | null = null;

/** Return the access token, renewed if it is old or `renew` is set. Null if nobody is signed in. */
export async function accessToken(renew: boolean): Promise<string | null> {
  const before = access;
  if (before && !renew && before.until > Date.now()) return before.token;
  return await alone(async () => {
    if (access !== before && access) return access.token; // renewed while this call waited
    const granted = await refresh();
    return granted && granted.access_token;
  });
}

/** Ask who is signed in. Returns null if nobody is. Throws `NoAnswer` while the server is away. */
export async function restoreSession(): Promise<Owner | null> {
  return await alone(async () => (await refresh())?.user ?? null);
}

export async function signIn(email: string, password: string): Promise<Owner> {
  return await alone(() => start("login", email, password));
}

export async function register(email: string, password: string): Promise<Owner> {
  return await alone(() => start("register", email, password));
}

/** End the session at the server. Throws `NoAnswer` if it could not be told: the session would live on. */
export async function signOut(): Promise<void> {
  await alone(async () => {
    await call("", "DELETE");
    access = null;
  });
}

/** Two tabs, or a tab and the worker, must not present the same refresh token: one of them would look like a thief. */
async function alone<T>(act: () => Promise<T>): Promise<T> {
  return (await navigator.locks.request(LOCK, act)) as T;
}

async function refresh(): Promise<Granted | null> {
  try {
    const response = await call("/refresh", "POST");
    if (response.status !== 204) return note((await response.json()) as Granted);
    access = null; // this browser has no session
    return null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      access = null;
      return null;
    }
    throw error;
  }
}

async function start(how: "login" | "register", email: string, password: string): Promise<Owner> {
  const answer = await call(`/${how}`, "POST", { email, password });
  return note((await answer.json()) as Granted).user;
}

function note(granted: Granted): Granted {
  access = { token: granted.access_token, until: Date.now() + granted.expires_in * 1000 - EARLY_MS };
  return granted;
}

async function call(path: string, method: string, body?: unknown): Promise<Response> {
  const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS); // a call that hangs would keep the lock from every tab
    response = await fetch(SESSION + path, { method, credentials: "same-origin", signal, ...content });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
  if (!response.ok) throw new ApiError(response, (await response.json()) as ErrorBody);
  return response;
}
