// Two visits side by side: a slider between the photos of each place, and what changed.
import { secondsToWait, type Schemas } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import { Again, useResource } from "../../shell/hooks.ts";
import { Card, Notice, Page } from "../../shell/parts.tsx";
import { Subscribed } from "./paywall.tsx";
import { TrendBadge } from "./trend.tsx";
import { t, wordsOfReasons } from "./words.ts";

type Comparison = Schemas["Comparison"];
type Point = Schemas["ComparedPoint"];

export function Compare(): JSX.Element {
  const { from = "", to = "" } = useLocation().query;
  const comparison = useResource(`compare ${from} ${to}`, async (): Promise<Comparison | null | Again<Comparison | null>> => {
    const { data, response } = await server.GET("/v1/corrosion/compare", { params: { query: { from, to } } });
    return data && "comparable" in data ? data : new Again(null, secondsToWait(response) ?? 2);
  });
  return (
    <Page title={t("compare_title")} back="/app/corrosion/history">
      <Subscribed from={comparison}>{(result) => (result === null ? <Notice>{t("pending")}</Notice> : <Compared result={result} />)}</Subscribed>
    </Page>
  );
}

function Compared({ result }: { result: Comparison }): JSX.Element {
  return (
    <>
      <Card tone={result.trend === "worsening" ? "bad" : result.trend === "improving" ? "good" : "calm"}>
        <p class="signal">{result.trend ? t(result.trend) : t("not_comparable")}</p>
        {result.reasons.length > 0 && <p>{wordsOfReasons(result.reasons)}</p>}
        <p>{result.explanation}</p>
      </Card>
      {result.points.map((point) => (
        <ComparedPoint key={point.point_index} point={point} />
      ))}
    </>
  );
}

function ComparedPoint({ point }: { point: Point }): JSX.Element {
  const place = t("point", { count: point.point_index });
  return (
    <Card title={place}>
      {point.from_photo_url && point.to_photo_url && <Slider before={point.from_photo_url} after={point.to_photo_url} />}
      <p>
        <TrendBadge trend={point.trend} reasons={point.reasons} />
      </p>
      {point.overlay_url && (
        <figure class="figure">
          <img src={point.overlay_url} alt={t("changes", { place })} loading="lazy" />
        </figure>
      )}
    </Card>
  );
}

/** The earlier photo covers the later one up to a line that the owner moves, by finger or by keys. */
function Slider({ before, after }: { before: string; after: string }): JSX.Element {
  const [percent, setPercent] = useState(50);
  return (
    <>
      <div class="slider">
        <img src={after} alt={t("to")} />
        <div class="before" style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}>
          <img src={before} alt={t("from")} />
        </div>
      </div>
      <div class="row slider-control">
        <span>{t("from")}</span>
        <input type="range" min={0} max={100} value={percent} aria-label={t("position")} onInput={(event) => setPercent(Number(event.currentTarget.value))} />
        <span>{t("to")}</span>
      </div>
    </>
  );
}
