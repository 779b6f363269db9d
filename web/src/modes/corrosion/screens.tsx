// The screens of corrosion. Nothing here, and nothing it loads, speaks of the other product.
import { answer } from "@maretech/client";
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../../api/server.ts";
import { Capture } from "../../capture/capture.tsx";
import { Escalate } from "../../inspections/escalate.tsx";
import { type Result, Inspection, MarkedPhoto } from "../../inspections/inspection.tsx";
import { ModeHome } from "../../inspections/list.tsx";
import { NewInspection } from "../../inspections/new.tsx";
import { boatsWith, knownBoats } from "../../inspections/policies.ts";
import { Buy } from "../../orders/buy.tsx";
import { useResource } from "../../shell/hooks.ts";
import { Badge, Card, LinkList, Loaded, type Tone } from "../../shell/parts.tsx";
import { ModeContext, type ModeProps } from "../mode.ts";
import { Compare } from "./compare.tsx";
import { framingAdvice } from "./framing.ts";
import { useGhost } from "./ghosts.ts";
import { History } from "./history.tsx";
import { Paywall } from "./paywall.tsx";
import { TimelineScreen } from "./timeline.tsx";
import { t } from "./words.ts";

const CORROSION: ModeProps = { mode: "corrosion", words: t, hulls: ["steel", "aluminium", "other"] };
const PRODUCTS = ["corrosion_monthly", "corrosion_yearly"];
const BANDS: Record<string, Tone> = { none: "good", trace: "calm", light: "calm", moderate: "warn", heavy: "bad" };

export default function Corrosion(): JSX.Element {
  return (
    <ModeContext.Provider value={CORROSION}>
      <Router>
        <Route path="/new" component={NewInspection} />
        <Route path="/subscribe" component={Subscribe} />
        <Route path="/history" component={History} />
        <Route path="/compare" component={Compare} />
        <Route path="/timeline/:vessel" component={TimelineScreen} />
        <Route path="/visits/:visit" component={CorrosionCapture} />
        <Route path="/inspections/:inspection" component={CorrosionInspection} />
        <Route default component={Start} />
      </Router>
    </ModeContext.Provider>
  );
}

function Start(): JSX.Element {
  return (
    <ModeHome>
      <Access />
    </ModeHome>
  );
}

function Access(): JSX.Element {
  const access = useResource("entitlement", () => answer(server.GET("/v1/entitlements/corrosion")));
  return (
    <Card title={t("access")}>
      <Loaded from={access}>
        {({ subscription_active: isActive, corrosion_free_used: isUsed, corrosion_points_allowed: points, free_points: free }) =>
          isActive ? (
            <>
              <p>{t("subscribed", { count: points })}</p>
              <a class="button quiet" href="/app/corrosion/history">
                {t("history")}
              </a>
              <Timelines />
            </>
          ) : (
            <>
              <p>{isUsed ? t("free_used") : t("free", { count: free })}</p>
              <p class="muted">{t("paywall")}</p>
              <a class="button quiet" href="/app/corrosion/subscribe">
                {t("subscribe")}
              </a>
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Timelines(): JSX.Element {
  const boats = useResource("boats", () => knownBoats());
  return (
    <Loaded from={boats}>
      {(known) => (
        <LinkList
          items={boatsWith(CORROSION.hulls, known).map((boat) => ({ href: `/app/corrosion/timeline/${boat.vessel_id}`, title: t("timeline", { boat: boat.name || t("unnamed") }) }))}
        />
      )}
    </Loaded>
  );
}

function Subscribe(): JSX.Element {
  return <Buy products={PRODUCTS} back="/app/corrosion" done="/app/corrosion" />;
}

function CorrosionCapture(): JSX.Element {
  return <Capture Offer={Paywall} useOverlay={useGhost} framingAdvice={framingAdvice} />;
}

function CorrosionInspection(): JSX.Element {
  return <Inspection Places={Points} More={Escalate} />;
}

function Points({ result }: { result: Result }): JSX.Element {
  if (!("corrosion" in result)) throw new Error("This result is of another product.");
  return (
    <Card>
      {result.corrosion.points.map((point) => (
        <MarkedPhoto key={point.point_index} address={point.overlay_url} place={point.label || t("point", { count: point.point_index })}>
          <Badge tone={BANDS[point.coverage_band] ?? "calm"}>{t(point.coverage_band)}</Badge>
        </MarkedPhoto>
      ))}
    </Card>
  );
}
