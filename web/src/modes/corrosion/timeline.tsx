// One boat over time: every place with its visits and trend, the work on the hull, and the reminder.
import { answer, secondsToWait, type Schemas } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import { Again, useResource } from "../../shell/hooks.ts";
import { Badge, Card, Notice, Page } from "../../shell/parts.tsx";
import { day } from "../../words/format.ts";
import { Maintenance } from "./maintenance.tsx";
import { Subscribed } from "./paywall.tsx";
import { Reminder } from "./reminder.tsx";
import { TrendBadge } from "./trend.tsx";
import { t } from "./words.ts";

type Timeline = Schemas["Timeline"];
type Place = Schemas["PointTimeline"];

export function TimelineScreen(): JSX.Element {
  const vessel = useRoute().params.vessel!;
  const query = { vessel_id: vessel };
  const timeline = useResource(`timeline ${vessel}`, async (): Promise<Timeline | Again<Timeline>> => {
    const { data, response } = await server.GET("/v1/corrosion/timeline", { params: { query } });
    return data!.pending ? new Again(data!, secondsToWait(response) ?? 3) : data!;
  });
  return (
    <Page title={timeline.data?.vessel.name || t("timeline_title")} back="/app/corrosion">
      <Subscribed from={timeline}>
        {(data) => (
          <>
            {data.pending && <Notice>{t("timeline_pending")}</Notice>}
            {data.points.length === 0 ? <p class="muted">{t("history_empty")}</p> : <Drawing vessel={vessel} version={JSON.stringify(data)} />}
            {data.points.map((place) => (
              <PlaceCard key={place.point_index} place={place} />
            ))}
            <Maintenance vessel={vessel} events={data.events} onChanged={timeline.reload} />
            <Reminder vessel={vessel} />
          </>
        )}
      </Subscribed>
    </Page>
  );
}

/** The server draws the timeline; it is fetched with the owner's token, anew when its content changes. */
function Drawing({ vessel, version }: { vessel: string; version: string }): JSX.Element | null {
  const drawing = useResource(`drawing ${vessel} ${version}`, () =>
    answer(server.GET("/v1/corrosion/timeline.svg", { params: { query: { vessel_id: vessel } }, parseAs: "blob" })),
  );
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!drawing.data) return;
    const made = URL.createObjectURL(drawing.data as Blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [drawing.data]);
  if (!address) return null;
  return (
    <div class="card wide-scroll drawing" tabIndex={0} role="region" aria-label={t("timeline_title")}>
      <img src={address} alt={t("drawing")} />
    </div>
  );
}

function PlaceCard({ place }: { place: Place }): JSX.Element {
  const last = place.segments.at(-1);
  const sinceWork = last ? place.visits.filter((visit) => visit.at >= (place.visits.find((one) => one.inspection_id === last.from)?.at ?? "")).length : 0;
  return (
    <Card title={place.label || t("point", { count: place.point_index })}>
      {last?.trend && (
        <p>
          <TrendBadge trend={last.trend} /> <span class="note">{t("over", { count: sinceWork })}</span>
        </p>
      )}
      <ol class="links">
        {[...place.visits].reverse().map((visit) => (
          <li key={visit.inspection_id}>
            <a href={`/app/corrosion/inspections/${visit.inspection_id}`}>
              <span>
                {day(visit.at)} <Badge>{t(visit.coverage_band)}</Badge>
              </span>
              {visit.step && (
                <span class="note">
                  <TrendBadge trend={visit.step.trend} reasons={visit.step.reasons} />
                </span>
              )}
            </a>
          </li>
        ))}
      </ol>
    </Card>
  );
}
