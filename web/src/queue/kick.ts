// Wakes the drain: in the service worker, which outlives this screen, or here where there is none.
import { runDrain } from "./run.ts";

const EVERY_MS = 15_000; // a browser may end a worker that nobody talks to, and pauses end
const SYNC_TAG = "photos";

export function kick(): void {
  const worker = navigator.serviceWorker?.controller;
  if (worker) worker.postMessage("drain");
  else void runDrain();
}

/** Keep draining while the app is open: at the start, when the connection is back, when the app is shown again. */
export function keepDraining(): void {
  kick();
  setInterval(() => {
    if (document.visibilityState === "visible") kick();
  }, EVERY_MS);
  addEventListener("online", kick);
  document.addEventListener("visibilitychange", kick);
  navigator.serviceWorker?.addEventListener("controllerchange", kick);
}

interface SyncManager {
  register: (tag: string) => Promise<void>;
}

/** Ask the browser, where it can, to wake the worker after the app was closed. */
export async function wakeLater(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  const sync = (registration as unknown as { sync?: SyncManager } | undefined)?.sync;
  await sync?.register(SYNC_TAG).catch(() => undefined); // refused in private windows: the app drains when it is open
}
