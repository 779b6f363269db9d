// Where the owner is signed in, and which devices get notifications.
import { answer, type Schemas } from "@maretech/client";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { removeDevice, switchPushOff } from "../notifications/web-push.ts";
import { readSetting } from "../queue/database.ts";
import { deviceDatabase } from "../session/owner.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, Loaded, Page } from "../shell/parts.tsx";
import { dayAndTime } from "../words/format.ts";
import { agentName } from "./agents.ts";
import { t } from "./words.ts";

export function Security(): JSX.Element {
  return (
    <Page title={t("security")} back="/app/account">
      <Sessions />
      <Devices />
    </Page>
  );
}

function Sessions(): JSX.Element {
  const sessions = useResource("sessions", () => answer(server.GET("/v1/auth/me/sessions")));
  const end = async (id: string): Promise<void> => {
    await server.DELETE("/v1/auth/me/sessions/{session_id}", { params: { path: { session_id: id } } });
    sessions.reload();
  };
  return (
    <Card title={t("sessions")}>
      <p class="muted">{t("sessions_text")}</p>
      <Loaded from={sessions}>
        {({ sessions: all }) => (
          <ul class="links">
            {all.map((one) => {
              const name = agentName(one.user_agent) || t("unknown_app");
              return (
                <Entry key={one.id} name={name} isThis={one.current} note={t("last_used", { time: dayAndTime(one.last_used_at) })}>
                  {!one.current && <Remove text={t("end")} label={t("end_one", { name })} act={() => end(one.id)} />}
                </Entry>
              );
            })}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

const PLATFORMS = ["web", "ios", "android"] as const;

function platformName({ platform }: Schemas["Device"]): string {
  const known = PLATFORMS.find((one) => one === platform);
  return known ? t(known) : platform;
}

function Devices(): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const devices = useResource(`devices ${cursors.join()}`, async () => {
    const pages = await Promise.all(["", ...cursors].map((cursor) => answer(server.GET("/v1/auth/me/devices", { params: { query: cursor ? { cursor } : {} } }))));
    const own = await readSetting(await deviceDatabase(), "pushDevice");
    return { all: pages.flatMap((page) => page.results), next: pages.at(-1)!.next, ownId: own?.deviceId };
  });
  const remove = async (id: string, isThis: boolean): Promise<void> => {
    await (isThis ? switchPushOff(await deviceDatabase()) : removeDevice(id));
    devices.reload();
  };
  return (
    <Card title={t("devices")}>
      <Loaded from={devices}>
        {({ all, next, ownId }) => (
          <>
            {all.length === 0 && <p class="muted">{t("devices_empty")}</p>}
            <ul class="links">
              {all.map((one) => {
                const [name, isThis] = [platformName(one), one.id === ownId];
                return (
                  <Entry key={one.id} name={name} isThis={isThis} note={t("registered", { time: dayAndTime(one.created_at) })}>
                    <Remove text={t("remove")} label={t("remove_one", { name })} act={() => remove(one.id, isThis)} />
                  </Entry>
                );
              })}
            </ul>
            {next && (
              <button type="button" class="quiet" onClick={() => setCursors([...cursors, new URL(next).searchParams.get("cursor")!])}>
                {t("more")}
              </button>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Entry({ name, isThis, note, children }: { name: string; isThis: boolean; note: string; children: ComponentChildren }): JSX.Element {
  return (
    <li class="entry">
      <p>
        <strong>{name}</strong> {isThis && <Badge tone="good">{t("this_one")}</Badge>}
        <br />
        <span class="note">{note}</span>
      </p>
      {children}
    </li>
  );
}

function Remove({ text, label, act }: { text: string; label: string; act: () => Promise<void> }): JSX.Element {
  const action = useAction(act);
  return (
    <>
      <button type="button" class="danger" aria-label={label} disabled={action.isRunning} onClick={() => action.run()}>
        {text}
      </button>
      <ErrorNotice error={action.error} />
    </>
  );
}
