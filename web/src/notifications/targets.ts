// Which screen a notification is about.

/** The ids of a notification that have a screen, and the room of it. An inspection's room depends on its mode. */
const ROOMS = [
  ["dossier_id", "dossiers"],
  ["appointment_id", "appointments"],
  ["handover_id", "handovers"],
  ["order_id", "orders"],
  ["vessel_id", "vessels"],
] as const;

export type Ids = Readonly<Record<string, string>>;

export function hasScreen(data: Ids): boolean {
  return Boolean(data.inspection_id) || pathOf(data) !== null;
}

/** Return the screen that the ids name; null if there is none, or if an inspection has to be looked up first. */
export function pathOf(data: Ids): string | null {
  const [id, room] = ROOMS.find(([name]) => data[name]) ?? [];
  return id && !data.inspection_id ? `/app/${room}/${encodeURIComponent(data[id]!)}` : null;
}

/** The screen that marks a notification as read and leads on. A push names no notification, but its kind and ids. */
export function openingPath({ notification, kind, data }: { notification?: string; kind: string; data: Ids }): string {
  const query = new URLSearchParams({ ...data, kind, ...(notification ? { notification } : {}) });
  return hasScreen(data) ? `/app/notifications/open?${query}` : "/app/notifications";
}
