// The screens of osmosis. Nothing here, and nothing it loads, speaks of the other product.
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
import { money } from "../../words/format.ts";
import { ModeContext, type ModeProps } from "../mode.ts";
import { LiftOut } from "./lift-out.tsx";
import { t } from "./words.ts";

const OSMOSIS: ModeProps = { mode: "osmosis", words: t, hulls: ["grp"] };
const PRODUCT = "osmosis_inspection";
const BANDS: Record<string, Tone> = { none: "good", few: "calm", several: "warn", many: "bad" };

export default function Osmosis(): JSX.Element {
  return (
    <ModeContext.Provider value={OSMOSIS}>
      <Router>
        <Route path="/new" component={NewInspection} />
        <Route path="/buy" component={BuyInspection} />
        <Route path="/visits/:visit" component={OsmosisCapture} />
        <Route path="/inspections/:inspection" component={OsmosisInspection} />
        <Route path="/lift-outs/:vessel" component={LiftOut} />
        <Route default component={Start} />
      </Router>
    </ModeContext.Provider>
  );
}

function Start(): JSX.Element {
  return (
    <ModeHome>
      <Access />
      <LiftOuts />
    </ModeHome>
  );
}

function Access(): JSX.Element {
  const access = useResource("entitlement", () => answer(server.GET("/v1/entitlements/osmosis")));
  return (
    <Card title={t("access")}>
      <Loaded from={access}>
        {({ paid, credits, credits_held: held, price }) => (
          <>
            <p>
              {credits > 0 ? t("credits", { count: credits }) : t(paid ? "pass" : "nothing")}
              {held > 0 && ` · ${t("held", { count: held })}`}
            </p>
            <a class="button quiet" href="/app/osmosis/buy">
              {t("buy", { price: money(price.amount_minor, price.currency) })}
            </a>
          </>
        )}
      </Loaded>
    </Card>
  );
}

function LiftOuts(): JSX.Element {
  const boats = useResource("boats", () => knownBoats());
  return (
    <Card title={t("lift_out")}>
      <p class="muted">{t("lift_out_text")}</p>
      <Loaded from={boats}>
        {(known) => (
          <LinkList items={boatsWith(OSMOSIS.hulls, known).map((boat) => ({ href: `/app/osmosis/lift-outs/${boat.vessel_id}`, title: t("choose_boat", { boat: boat.name || t("unnamed") }) }))} />
        )}
      </Loaded>
    </Card>
  );
}

function BuyInspection(): JSX.Element {
  return <Buy products={[PRODUCT]} back="/app/osmosis" done="/app/osmosis/new" />;
}

function OsmosisCapture(): JSX.Element {
  return <Capture Offer={Offer} />;
}

function Offer(): JSX.Element {
  return (
    <a class="button" href="/app/osmosis/buy">
      {t("access")}
    </a>
  );
}

function OsmosisInspection(): JSX.Element {
  return <Inspection Places={Areas} More={Escalate} />;
}

function Areas({ result }: { result: Result }): JSX.Element {
  if (!("osmosis" in result)) throw new Error("This result is of another product.");
  const { areas, hours_since_lift_out: hours } = result.osmosis;
  return (
    <Card>
      <p class="muted">{hours === null ? t("ashore_unknown") : t("ashore", { hours: Math.round(hours) })}</p>
      {areas.map((area) => (
        <MarkedPhoto key={area.point_index} address={area.overlay_url} place={area.label || t("place", { count: area.point_index })}>
          <Badge tone={BANDS[area.density_band] ?? "calm"}>{t(area.density_band)}</Badge>
        </MarkedPhoto>
      ))}
    </Card>
  );
}
