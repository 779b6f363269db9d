// Pushes to this browser: its subscription at a push service, and the device that the server knows it by.
import { answer, ApiError } from "@maretech/client";
import { server } from "../api/server.ts";
import { type Database, readSetting, writeSetting } from "../queue/database.ts";

export type PushState = "unsupported" | "not_offered" | "denied" | "off" | "on";

/** The browser has no way to its push service, for example in a private window. */
export class NoPushService extends Error {}

/** Return whether pushes for this owner come to this browser; else why not. */
export async function readPushState(database: Database, ownerId: string): Promise<PushState> {
  if (!("PushManager" in self) || !("Notification" in self) || !("serviceWorker" in navigator)) return "unsupported";
  if ((await serverKey()) === null) return "not_offered";
  if (Notification.permission === "denied") return "denied";
  const device = await readSetting(database, "pushDevice");
  const subscription = await (await subscriptions())?.getSubscription();
  return subscription && device?.ownerId === ownerId ? "on" : "off";
}

/** Ask the owner for the permission, subscribe and register. Throws `NoPushService`. */
export async function switchPushOn(database: Database, ownerId: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return;
  const key = await serverKey();
  if (key) await register(database, ownerId, await subscribe((await navigator.serviceWorker.ready).pushManager, key));
}

/** End the subscription, here and at the server. */
export async function switchPushOff(database: Database): Promise<void> {
  const device = await readSetting(database, "pushDevice");
  if (device) await removeDevice(device.deviceId);
  await forgetSubscription(database);
}

/** End the subscription here: at the server, the device ends with the session that registered it. */
export async function forgetSubscription(database: Database): Promise<void> {
  await writeSetting(database, "pushDevice", null);
  await (await (await subscriptions())?.getSubscription())?.unsubscribe();
}

/**
 * Keep getting pushes: if the server has another key than the subscription, or the browser ended it, subscribe again.
 * What fails is repeated at the next start.
 */
export async function keepSubscribed(database: Database, ownerId: string): Promise<void> {
  const device = await readSetting(database, "pushDevice");
  if (device?.ownerId !== ownerId) return;
  try {
    if (Notification.permission !== "granted") return await switchPushOff(database);
    const [manager, key] = [await subscriptions(), await serverKey()];
    // Registered even if nothing changed: the device ends with the session that registered it.
    if (manager && key) await register(database, ownerId, await subscribe(manager, key));
  } catch {
    // no connection, or the server or the push service is away
  }
}

/** Remove a device of the account. It may be gone already. */
export async function removeDevice(deviceId: string): Promise<void> {
  try {
    await server.DELETE("/v1/auth/me/devices/{device_id}", { params: { path: { device_id: deviceId } } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

/** Return the key to subscribe with; null if this server sends no pushes to browsers. */
async function serverKey(): Promise<string | null> {
  try {
    return (await answer(server.GET("/v1/notifications/web-push-key"))).public_key;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

async function subscriptions(): Promise<PushManager | undefined> {
  return (await navigator.serviceWorker.getRegistration("/app/"))?.pushManager;
}

/** Return a subscription that was made with this key. */
async function subscribe(manager: PushManager, key: string): Promise<PushSubscription> {
  const before = await manager.getSubscription();
  if (before && base64url(before.options.applicationServerKey) === key) return before;
  await before?.unsubscribe();
  try {
    return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch (cause) {
    throw new NoPushService("The browser could not subscribe.", { cause });
  }
}

async function register(database: Database, ownerId: string, subscription: PushSubscription): Promise<void> {
  const before = await readSetting(database, "pushDevice");
  const { endpoint = "", keys } = subscription.toJSON();
  const body = { platform: "web", subscription: { endpoint, keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } } } as const;
  const device = await answer(server.POST("/v1/auth/me/devices", { body }));
  await writeSetting(database, "pushDevice", { ownerId, deviceId: device.id });
  if (before && before.ownerId === ownerId && before.deviceId !== device.id) await removeDevice(before.deviceId);
}

function base64url(bytes: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
