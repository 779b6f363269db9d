// The start of one product: what the owner may do, and the inspections so far.
import { answer, type Mode, type Schemas } from "@maretech/client";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { server } from "../api/server.ts";
import { useMode } from "../modes/mode.ts";
import { useQueue } from "../queue/store.ts";
import { Pages } from "../shell/pages.tsx";
import { Badge, Card, LinkList, Page, type Tone } from "../shell/parts.tsx";
import { day } from "../words/format.ts";
import { keepForOffline } from "./policies.ts";
import { t } from "./words.ts";

type Item = Schemas["InspectionListItem"];

const STATES = { pending: "pending", processing: "state_processing", completed: "completed", failed: "state_failed" } as const;
const TONES: Record<Item["status"], Tone> = { pending: "warn", processing: "calm", completed: "good", failed: "bad" };

export function ModeHome({ children }: { children: ComponentChildren }): JSX.Element {
  const { mode, path, words } = useMode();
  const { visits } = useQueue();
  useEffect(() => void keepForOffline(mode), [mode]);
  const open = visits.filter((visit) => visit.mode === mode && visit.submission !== "done");
  return (
    <Page title={words("title")} back="/app/">
      <p class="lead">{words("tagline")}</p>
      <a class="button main" href={`${path}/new`}>
        {words("start")}
      </a>
      <div class="gap" />
      {children}
      {open.length > 0 && (
        <Card title={t("go_on")}>
          <LinkList
            items={open.map((visit) => ({ href: `${path}/visits/${visit.id}`, title: visit.vesselLabel || t("unnamed"), note: day(visit.createdAt) }))}
          />
        </Card>
      )}
      <InspectionList mode={mode} />
    </Page>
  );
}

function InspectionList({ mode }: { mode: Mode }): JSX.Element {
  const { path, words } = useMode();
  return (
    <Card title={t("inspections")}>
      <Pages name={`inspections ${mode}`} load={(query) => answer(server.GET("/v1/inspections", { params: { query: { mode, ...query } } }))}>
        {(results) =>
          results.length === 0 ? (
            <p class="muted">{words("empty")}</p>
          ) : (
            <LinkList
              items={results.map((one) => ({
                href: `${path}/inspections/${one.inspection_id}`,
                title: one.vessel_label || t("unnamed"),
                note: (
                  <>
                    {day(one.created_at)} <Badge tone={TONES[one.status]}>{t(STATES[one.status])}</Badge>
                  </>
                ),
              }))}
            />
          )
        }
      </Pages>
    </Card>
  );
}
