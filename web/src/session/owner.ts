// Who is signed in on this device. Remembered, so that the app can photograph before the server answers.
import { NoAnswer } from "@maretech/client";
import { announceChange } from "../queue/channel.ts";
import { type Database, openDatabase, readSetting, writeSetting } from "../queue/database.ts";
import type { Owner } from "../queue/records.ts";
import { store } from "../shell/state.ts";
import * as tokens from "./tokens.ts";

export interface SessionState {
  owner: Owner | null;
  /** False until the server has confirmed the owner, for example while there is no connection. */
  isConfirmed: boolean;
}

export const session = store<SessionState>({ owner: null, isConfirmed: false });

let opened: Promise<Database> | null = null;

/** The database of this device, opened once. */
export function deviceDatabase(): Promise<Database> {
  opened ??= openDatabase();
  return opened;
}

/** Show the remembered owner at once, then ask the server who it is. */
export async function restore(): Promise<void> {
  const database = await deviceDatabase();
  session.set({ owner: await readSetting(database, "owner"), isConfirmed: false });
  await confirm();
}

/** Ask the server whose session this is; without an answer the remembered owner stays. */
export async function confirm(): Promise<void> {
  try {
    await become(await tokens.restoreSession());
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  await become(await tokens.signIn(email, password));
}

export async function register(email: string, password: string): Promise<void> {
  await become(await tokens.register(email, password));
}

/** Sign out. The photos that are still here stay, and wait for this owner. */
export async function signOut(): Promise<void> {
  await tokens.signOut();
  await become(null);
}

async function become(owner: Owner | null): Promise<void> {
  await writeSetting(await deviceDatabase(), "owner", owner);
  await writeSetting(await deviceDatabase(), "pause", null);
  session.set({ owner, isConfirmed: true });
  announceChange();
}
