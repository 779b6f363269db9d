// The database of this device. Everything an owner photographs is here before anything is sent.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { GhostPhoto, Owner, Pause, Photo, Policy, Visit } from "./records.ts";

interface Schema extends DBSchema {
  visits: { key: string; value: Visit; indexes: { owner: string } };
  photos: { key: string; value: Photo; indexes: { owner: string; visit: string } };
  bytes: { key: string; value: ArrayBuffer };
  ghosts: { key: [string, number, string]; value: GhostPhoto; indexes: { visit: string } };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

export interface Settings {
  owner: Owner | null;
  pause: Pause | null;
  "policy-osmosis": Policy | null;
  "policy-corrosion": Policy | null;
  vessels: { vessel_id: string; name: string }[];
  locale: string | null;
  ghostStrength: number;
  /** The device that the server sends this browser's pushes to, and whose account it belongs to. */
  pushDevice: { ownerId: string; deviceId: string } | null;
}

export function openDatabase(name = "maretech"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("visits", { keyPath: "id" }).createIndex("owner", "ownerId");
      const photos = database.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("owner", "ownerId");
      photos.createIndex("visit", "visitId");
      database.createObjectStore("bytes");
      const ghosts = database.createObjectStore("ghosts", { keyPath: ["visitId", "point", "angle"] });
      ghosts.createIndex("visit", "visitId");
      database.createObjectStore("settings");
    },
    // A newer version of the app in another tab must not wait for this one.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

export async function readSetting<K extends keyof Settings>(database: Database, name: K): Promise<Settings[K] | null> {
  return ((await database.get("settings", name)) ?? null) as Settings[K] | null;
}

export async function writeSetting<K extends keyof Settings>(
  database: Database,
  name: K,
  value: Settings[K],
): Promise<void> {
  await database.put("settings", value, name);
}
