// The photos of the last visit, laid over the live picture.
import { answer, type Angle } from "@maretech/client";
import { useEffect, useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import type { Overlay } from "../../capture/camera.tsx";
import { useAddress } from "../../capture/picture.tsx";
import { readSetting, writeSetting } from "../../queue/database.ts";
import type { GhostPhoto, Visit } from "../../queue/records.ts";
import { deviceDatabase } from "../../session/owner.ts";
import { t } from "./words.ts";

const STRENGTH = 40;

/** The earlier photo of this place for the camera; null on a first visit, or until it has been loaded. */
export function useGhost(visit: Visit, point: number, angle: Angle | null): Overlay | null {
  const [ghosts, setGhosts] = useState<GhostPhoto[]>([]);
  const [strength, setStrength] = useState(STRENGTH);
  useEffect(() => {
    let isOpen = true;
    const load = async (): Promise<void> => {
      const database = await deviceDatabase();
      setStrength((await readSetting(database, "ghostStrength")) ?? STRENGTH);
      const kept = await database.getAllFromIndex("ghosts", "visit", visit.id);
      if (isOpen) setGhosts(kept);
      if (kept.length === 0 && visit.inspectionId && isOpen) setGhosts(await keepGhosts(visit));
    };
    load().catch(() => undefined); // without a connection or a subscription the camera has no overlay
    return () => {
      isOpen = false;
    };
  }, [visit.id, visit.inspectionId]);
  const ghost = ghosts.find((one) => one.point === point && one.angle === angle);
  const address = useAddress(ghost?.picture);
  if (!address) return null;
  const onStrength = (next: number): void => {
    setStrength(next);
    void deviceDatabase().then((database) => writeSetting(database, "ghostStrength", next));
  };
  return { address, label: t("ghost"), strength, onStrength };
}

/** Keep the pictures when the visit opens: their links work for minutes, and the connection may go. */
async function keepGhosts(visit: Visit): Promise<GhostPhoto[]> {
  const params = { query: { for: visit.inspectionId! } };
  const { ghosts } = await answer(server.GET("/v1/corrosion/ghosts", { params }));
  const kept = await Promise.all(
    ghosts.map(async (ghost) => ({
      visitId: visit.id,
      point: ghost.point_index,
      angle: ghost.angle,
      takenAt: ghost.taken_at,
      picture: await (await fetch(ghost.photo_url)).arrayBuffer(),
    })),
  );
  const transaction = (await deviceDatabase()).transaction("ghosts", "readwrite");
  await Promise.all(kept.map((ghost) => transaction.store.put(ghost)));
  await transaction.done;
  return kept;
}
