// Starts the app.
import { render } from "preact";
import { keepDraining } from "./queue/kick.ts";
import { readSetting } from "./queue/database.ts";
import { forgetFinished } from "./queue/visits.ts";
import { deviceDatabase, restore } from "./session/owner.ts";
import { App } from "./shell/app.tsx";
import "./shell/style.css";
import { preferredLocale, setLocale } from "./words/words.ts";

async function start(): Promise<void> {
  const database = await deviceDatabase();
  setLocale(preferredLocale(await readSetting(database, "locale")));
  const restored = restore();
  // A remembered owner is shown at once; a stranger waits for the server's word, or sees the sign-in flash by.
  if (!(await readSetting(database, "owner"))) await restored;
  render(<App />, document.getElementById("app")!);
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" });
  await restored;
  await forgetFinished(database);
  keepDraining();
}

void start();
