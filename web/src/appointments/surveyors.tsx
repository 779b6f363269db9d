// The surveyors of a region, for the hull of the boat.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { Pages } from "../shell/pages.tsx";
import { Card, Choice, Field, Form, LinkList, Page, SubmitButton } from "../shell/parts.tsx";
import { rating } from "./rating.ts";
import { t } from "./words.ts";

type Mode = Schemas["ModeEnum"];
const HULLS = [
  ["", "any_hull"],
  ["osmosis", "fibreglass"],
  ["corrosion", "metal"],
] as const;

/** The name of the hulls that a surveyor looks at. */
export function hullName(mode: Mode): string {
  const hull = HULLS.find(([known]) => known === mode);
  return hull ? t(hull[1]) : mode;
}

export function Surveyors(): JSX.Element {
  const [region, setRegion] = useState("");
  const [mode, setMode] = useState<Mode | "">("");
  const filter = { ...(region ? { region } : {}), ...(mode ? { mode } : {}) };
  return (
    <Page title={t("surveyors")} back="/app/appointments">
      <p class="lead">{t("surveyors_text")}</p>
      <Card>
        <Form send={(fields) => setRegion((fields.region ?? "").trim())}>
          <Field label={t("region")} name="region" type="search" maxLength={80} autocomplete="off" />
          <Choice label={t("hull")} name="mode" value={mode} onChange={setMode} options={HULLS.map(([one, key]) => [one, t(key)] as const)} />
          <SubmitButton isRunning={false}>{t("search")}</SubmitButton>
        </Form>
      </Card>
      <Card>
        <Pages
          key={`${region} ${mode}`}
          name={`surveyors ${region} ${mode}`}
          load={(query) => answer(server.GET("/v1/surveyors", { params: { query: { ...query, ...filter } } }))}
        >
          {(surveyors) =>
            surveyors.length === 0 ? (
              <p class="muted">{t("no_surveyor")}</p>
            ) : (
              <LinkList
                items={surveyors.map((one) => ({
                  href: `/app/appointments/surveyors/${one.surveyor_id}`,
                  title: one.name,
                  note: (
                    <>
                      {one.regions.join(", ")}
                      <br />
                      {rating(one)}
                    </>
                  ),
                }))}
              />
            )
          }
        </Pages>
      </Card>
    </Page>
  );
}
