// What the screens show of this device's queue.
import { useEffect, useState } from "preact/hooks";
import { deviceDatabase, session } from "../session/owner.ts";
import { useStore } from "../shell/state.ts";
import { onChange } from "./channel.ts";
import { readSetting } from "./database.ts";
import { kick } from "./kick.ts";
import type { Pause, Photo, Visit } from "./records.ts";

export interface QueueView {
  visits: Visit[];
  photos: Photo[];
  pause: Pause | null;
  /** Photos of other owners that are not sent yet. */
  waitingOfOthers: number;
  isLoaded: boolean;
}

const EMPTY: QueueView = { visits: [], photos: [], pause: null, waitingOfOthers: 0, isLoaded: false };

/** The visits and photos of the owner on this device, newest visit first; followed while the screen is open. */
export function useQueue(): QueueView {
  const { owner } = useStore(session);
  const [view, setView] = useState<QueueView>(EMPTY);
  const ownerId = owner?.id;
  useEffect(() => {
    let isOpen = true;
    const read = async (): Promise<void> => {
      const next = await readQueue(ownerId);
      if (isOpen) setView(next);
    };
    void read();
    const stop = onChange(() => void read());
    const stopLocal = onKick(() => void read());
    return () => {
      isOpen = false;
      stop();
      stopLocal();
    };
  }, [ownerId]);
  return view;
}

async function readQueue(ownerId: string | undefined): Promise<QueueView> {
  const database = await deviceDatabase();
  const [visits, photos, pause] = await Promise.all([
    database.getAll("visits"),
    database.getAll("photos"),
    readSetting(database, "pause"),
  ]);
  return {
    visits: visits
      .filter((visit) => visit.ownerId === ownerId)
      .sort((one, other) => other.createdAt.localeCompare(one.createdAt)),
    photos: photos.filter((photo) => photo.ownerId === ownerId),
    pause,
    waitingOfOthers: photos.filter((photo) => photo.ownerId !== ownerId && photo.hasBytes).length,
    isLoaded: true,
  };
}

const followers = new Set<() => void>();

function onKick(changed: () => void): () => void {
  followers.add(changed);
  return () => followers.delete(changed);
}

/** After a change by the owner: show it, and send what can be sent. */
export function changed(): void {
  for (const follower of followers) follower();
  kick();
}
