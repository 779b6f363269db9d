// The rules for photos and the names of the boats, kept on this device: a visit can begin without a connection.
import { answer, type Mode } from "@maretech/client";
import { server } from "../api/server.ts";
import { readSetting, writeSetting } from "../queue/database.ts";
import type { Policy } from "../queue/records.ts";
import { deviceDatabase } from "../session/owner.ts";

export interface Boat {
  vessel_id: string;
  name: string;
  hull_material?: string | null;
}

/** Return the current policy, or the last that this device saw. Throws if there is neither. */
export async function policyOf(mode: Mode): Promise<Policy> {
  const database = await deviceDatabase();
  try {
    const policy = await answer(server.GET("/v1/capture-policy/{mode}", { params: { path: { mode } } }));
    await writeSetting(database, `policy-${mode}`, policy);
    return policy;
  } catch (error) {
    const kept = await readSetting(database, `policy-${mode}`);
    if (kept) return kept;
    throw error;
  }
}

/** Keep what a first visit needs, so that it can begin at a hull without a connection. */
export async function keepForOffline(...modes: readonly Mode[]): Promise<void> {
  await Promise.allSettled([knownBoats(), ...modes.map(policyOf)]);
}

/** Return the owner's boats that are not archived, or those that this device saw last. */
export async function knownBoats(): Promise<Boat[]> {
  const database = await deviceDatabase();
  try {
    const { results } = await answer(server.GET("/v1/vessels", { params: { query: { page_size: 100 } } }));
    const boats = results.filter((boat) => !boat.archived_at).map(({ vessel_id, name, hull_material }) => ({ vessel_id, name, hull_material }));
    await writeSetting(database, "vessels", boats);
    return boats;
  } catch (error) {
    const kept = await readSetting(database, "vessels");
    if (kept) return kept;
    throw error;
  }
}

/** The boats that this product is for, and those whose hull nobody named. */
export function boatsWith(hulls: readonly string[], boats: Boat[]): Boat[] {
  return boats.filter(({ hull_material: hull }) => !hull || hulls.includes(hull));
}
