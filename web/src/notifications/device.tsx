// Pushes to this device: whether they come, and how to change that.
import type { JSX } from "preact";
import { deviceDatabase, session } from "../session/owner.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Card, ErrorNotice, Loaded, Notice } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { NoPushService, readPushState, switchPushOff, switchPushOn } from "./web-push.ts";
import { t } from "./words.ts";

export function PushOnThisDevice(): JSX.Element {
  const ownerId = useStore(session).owner?.id ?? "";
  const state = useResource(`push ${ownerId}`, async () => readPushState(await deviceDatabase(), ownerId));
  const change = useAction(async (on: boolean) => {
    const database = await deviceDatabase();
    await (on ? switchPushOn(database, ownerId) : switchPushOff(database)).finally(state.reload);
  });
  return (
    <Card title={t("push_title")}>
      <Loaded from={state}>
        {(push) => (
          <>
            <p>{t(`push_${push}`)}</p>
            {(push === "on" || push === "off") && (
              <button type="button" class={push === "on" ? "quiet" : ""} disabled={change.isRunning} onClick={() => change.run(push === "off")}>
                {t(push === "on" ? "push_switch_off" : "push_switch_on")}
              </button>
            )}
          </>
        )}
      </Loaded>
      {change.error instanceof NoPushService ? <Notice tone="bad">{t("push_failed")}</Notice> : <ErrorNotice error={change.error} />}
    </Card>
  );
}
