// Runs the drain in this context, a tab or the worker, unless another runs it already.
import { server } from "../api/server.ts";
import { announceChange } from "./channel.ts";
import { openDatabase, readSetting } from "./database.ts";
import { drain } from "./drain.ts";

const LOCK = "maretech-drain";

/** Send what can be sent for the owner who is signed in here. The lock ends with this context, however it ends. */
export async function runDrain(): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const database = await openDatabase();
    try {
      const owner = await readSetting(database, "owner");
      if (!owner) return;
      await drain({
        database,
        client: server,
        upload: (link, options) => fetch(link, options),
        ownerId: owner.id,
        changed: announceChange,
        wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        now: Date.now,
      });
    } finally {
      database.close();
    }
  });
}
