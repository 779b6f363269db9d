// Keeps the app usable without a connection, and sends photos while no screen is open.
/// <reference lib="webworker" />
import { openingPath } from "./notifications/targets.ts";
import type { WorkerMessage } from "./notifications/unread.ts";
import { runDrain } from "./queue/run.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __OFFLINE_FILES__: string[];

const FILES: string[] = __OFFLINE_FILES__;
const PAGE = "/app/";
const ASSETS = "/app/assets/";
// Its name changes with the files. A new version fills a new cache, and waits until no tab shows the old one: an open tab
// still loads parts of its own version.
const CACHE = `app-${FILES.join().split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !pathname.startsWith(PAGE)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith(ASSETS) || FILES.includes(pathname)) event.respondWith(file(request, pathname));
});

/** The server's page, so that a new version shows at once; the kept one while the server is away. */
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) return answer;
  } catch {
    // no connection
  }
  return (await caches.match(PAGE)) ?? Response.error();
}

async function file(request: Request, pathname: string): Promise<Response> {
  const kept = await caches.match(pathname);
  if (kept && pathname.startsWith(ASSETS)) return kept;
  try {
    return await fetch(request);
  } catch {
    return kept ?? Response.error();
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "drain") event.waitUntil(runDrain());
});

// Background Sync, where there is any: the browser wakes the worker when the connection is back.
self.addEventListener("sync" as "message", (event) => event.waitUntil(runDrain()));

/** What notifications/channels/web_push.py sends. */
interface Pushed {
  delivery_id: string;
  kind: string;
  title: string;
  body: string;
  data: Record<string, string>;
  locale: string;
}

self.addEventListener("push", (event) => {
  event.waitUntil(showNotification(event.data));
});

async function showNotification(data: PushMessageData | null): Promise<void> {
  const { delivery_id, kind, title, body, data: ids, locale } = readPush(data);
  await self.registration.showNotification(title ?? "Maretech", {
    body: body ?? "",
    icon: "/app/icon-192.png",
    data: openingPath({ kind: kind ?? "", data: ids ?? {} }),
    ...(delivery_id ? { tag: delivery_id } : {}), // a push that was sent twice is shown once
    ...(locale ? { lang: locale } : {}),
  });
  for (const screen of await self.clients.matchAll({ type: "window" })) tell(screen, { pushed: true });
}

/** A push that cannot be read is shown without words: a browser ends a subscription whose pushes show nothing. */
function readPush(data: PushMessageData | null): Partial<Pushed> {
  try {
    return (data?.json() as Pushed | null) ?? {};
  } catch {
    return {};
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openScreen(String(event.notification.data)));
});

/** Show what the notification is about in the open app, which keeps what it is doing; else open the app there. */
async function openScreen(path: string): Promise<void> {
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) {
    await self.clients.openWindow(path);
    return;
  }
  tell(open, { open: path });
  await open.focus();
}

function tell(screen: Client, message: WorkerMessage): void {
  screen.postMessage(message);
}
