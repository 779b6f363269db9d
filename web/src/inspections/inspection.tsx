// One inspection: what it waits for, and what can be seen.
import { answer, secondsToWait, type Schemas } from "@maretech/client";
import { useLocation, useRoute } from "preact-iso";
import type { ComponentChildren, JSX } from "preact";
import { server } from "../api/server.ts";
import { useMode } from "../modes/mode.ts";
import { visitOfInspection } from "../queue/visits.ts";
import { deviceDatabase, session } from "../session/owner.ts";
import { Again, useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, Loaded, Notice, Page, type Tone } from "../shell/parts.tsx";
import { day, dayAndTime } from "../words/format.ts";
import { policyOf } from "./policies.ts";
import { t } from "./words.ts";

export type Result = Schemas["Result"];
type Detail = Schemas["InspectionDetail"];
type Status = Schemas["InspectionStatus"];

interface View {
  detail: Detail;
  status: Status | null;
  result: Result | null;
}

const POLL_SECONDS = 2;
const WAITING = { photos: "waiting_photos", payment: "waiting_payment", worker: "waiting_worker", retry: "waiting_retry" } as const;
const SIGNALS: Record<Result["signal_detected"], Tone> = { yes: "warn", no: "good", inconclusive: "calm" };
const GUIDANCE = ["monitor", "recheck_later", "consider_professional_survey"] as const;

/** `Places` shows the product's own part of a result; `More` what else it offers for an inspection. */
interface Extras {
  Places: (props: { result: Result }) => JSX.Element;
  More?: (props: { detail: Schemas["InspectionDetail"] }) => JSX.Element;
}

export function Inspection({ Places, More }: Extras): JSX.Element {
  const { params } = useRoute();
  const { path, words } = useMode();
  const id = params.inspection!;
  const view = useResource(`inspection ${id}`, () => load(id));
  return (
    <Page title={view.data ? view.data.detail.vessel_label || t("unnamed") : words("title")} back={path}>
      <Loaded from={view}>
        {({ detail, status, result }) => (
          <>
            <p class="muted">{[dayAndTime(detail.created_at), detail.label].filter(Boolean).join(" · ")}</p>
            {detail.status === "pending" && <GoOn detail={detail} />}
            {detail.status === "processing" && status && <Waiting status={status} />}
            {detail.status === "failed" && <Notice tone="bad">{t(detail.failure_reason === "expired" ? "failed_expired" : "failed_technical")}</Notice>}
            {result && <ResultView result={result} Places={Places} />}
            {result && More && <More detail={detail} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

async function load(id: string): Promise<View | Again<View>> {
  const path = { inspection_id: id };
  const detail = await answer(server.GET("/v1/inspections/{inspection_id}", { params: { path } }));
  if (detail.status === "completed") {
    const result = await answer(server.GET("/v1/inspections/{inspection_id}/result", { params: { path } }));
    return { detail, status: null, result };
  }
  if (detail.status !== "processing") return { detail, status: null, result: null };
  const { data, response } = await server.GET("/v1/inspections/{inspection_id}/status", { params: { path } });
  return new Again({ detail, status: data!, result: null }, secondsToWait(response) ?? POLL_SECONDS);
}

function Waiting({ status }: { status: Status }): JSX.Element {
  const { done, total } = status.progress;
  const reason = WAITING[status.waiting_for as keyof typeof WAITING];
  return (
    <Card tone="calm">
      <p role="status">{t("status_processing", { done, total })}</p>
      <progress value={done} max={total || 1} aria-label={t("progress")} />
      {reason && <p class="muted">{t(reason)}</p>}
      {status.waiting_since && <p class="muted">{t("since", { time: dayAndTime(status.waiting_since) })}</p>}
    </Card>
  );
}

/** An inspection that was opened on another device goes on here with the photos that the server has. */
function GoOn({ detail }: { detail: Detail }): JSX.Element {
  const { route } = useLocation();
  const { mode, path } = useMode();
  const action = useAction(async () => {
    const owner = session.get().owner!;
    const visit = await visitOfInspection(await deviceDatabase(), owner.id, detail, await policyOf(mode));
    route(`${path}/visits/${visit.id}`);
  });
  return (
    <Notice>
      <p>{t("waiting_photos")}</p>
      <ErrorNotice error={action.error} />
      <button type="button" onClick={() => action.run()}>
        {t("go_on")}
      </button>
    </Notice>
  );
}

function ResultView({ result, Places }: { result: Result; Places: Extras["Places"] }): JSX.Element {
  const { words } = useMode();
  const { photos_used: used, photos_rejected: rejected } = result.coverage;
  const known = result.guidance.filter((token): token is (typeof GUIDANCE)[number] => GUIDANCE.some((one) => one === token));
  return (
    <>
      <Card tone={SIGNALS[result.signal_detected]}>
        <p class="signal">{words(result.signal_detected)}</p>
        <p>
          <Badge tone={SIGNALS[result.signal_detected]}>
            {t("confidence")}: {t(result.confidence_level)}
          </Badge>
        </p>
        <p>{result.explanation}</p>
        <p class="muted">
          {t("photos_used", { count: used })}
          {rejected > 0 && `, ${t("photos_rejected", { count: rejected })}`}
        </p>
      </Card>
      <Card title={t("what_next")}>
        <ul>
          {known.map((token) => (
            <li key={token}>{words(token)}</li>
          ))}
        </ul>
      </Card>
      <Places result={result} />
      <p class="muted">{result.disclaimer}</p>
      <p class="muted">{t("model", { version: result.model_version, date: day(result.created_at) })}</p>
    </>
  );
}

/** A marked-up photo with its place; links to photos live for minutes, so the page loads them anew when it is opened. */
export function MarkedPhoto({ address, place, children }: { address: string | null; place: string; children: ComponentChildren }): JSX.Element {
  return (
    <figure class="figure">
      {address && <img src={address} alt={t("marked", { place })} loading="lazy" />}
      <figcaption class="row apart">
        <strong>{place}</strong>
        {children}
      </figcaption>
    </figure>
  );
}

