// The screens of corrosion. Nothing here, and nothing it loads, speaks of the other product.
import { answer } from "@maretech/client";
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../../api/server.ts";
import { Capture } from "../../capture/capture.tsx";
import { type Result, Inspection, MarkedPhoto } from "../../inspections/inspection.tsx";
import { ModeHome } from "../../inspections/list.tsx";
import { NewInspection } from "../../inspections/new.tsx";
import { Buy } from "../../orders/buy.tsx";
import { useResource } from "../../shell/hooks.ts";
import { Badge, Card, Loaded, Notice, type Tone } from "../../shell/parts.tsx";
import { ModeContext, type ModeProps } from "../mode.ts";
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
            <p>{t("subscribed", { count: points })}</p>
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

function Subscribe(): JSX.Element {
  return <Buy products={PRODUCTS} back="/app/corrosion" done="/app/corrosion" />;
}

/** What to say where the server asks for a subscription. */
export function Paywall(): JSX.Element {
  return (
    <Notice tone="warn">
      <p>{t("paywall")}</p>
      <a class="button" href="/app/corrosion/subscribe">
        {t("subscribe")}
      </a>
    </Notice>
  );
}

function CorrosionCapture(): JSX.Element {
  return <Capture Offer={Paywall} />;
}

function CorrosionInspection(): JSX.Element {
  return <Inspection Places={Points} />;
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
