// One surveyor: who this is, the free times, and what others say.
import { answer, type Schemas } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { useResource } from "../shell/hooks.ts";
import { Card, Loaded, Page } from "../shell/parts.tsx";
import { locale } from "../words/words.ts";
import { rating } from "./rating.ts";
import { Reviews } from "./reviews.tsx";
import { hullName } from "./surveyors.tsx";
import { Times } from "./times.tsx";
import { t } from "./words.ts";

export type Surveyor = Schemas["Surveyor"];

export function SurveyorScreen(): JSX.Element {
  const id = useRoute().params.surveyor!;
  const surveyor = useResource(`surveyor ${id}`, () => answer(server.GET("/v1/surveyors/{surveyor_id}", { params: { path: { surveyor_id: id } } })));
  return (
    <Page title={surveyor.data?.name ?? t("surveyors")} back="/app/appointments/surveyors">
      <Loaded from={surveyor}>
        {(one) => (
          <>
            <Facts surveyor={one} />
            <Times surveyor={one} />
            <Reviews surveyorId={id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ surveyor }: { surveyor: Surveyor }): JSX.Element {
  const facts: [string, string][] = [
    [t("regions"), surveyor.regions.join(", ")],
    [t("hulls"), surveyor.modes.map(hullName).join(", ")],
    [t("qualifications"), surveyor.qualifications.join(", ")],
    [t("languages"), surveyor.languages.map(languageName).join(", ")],
  ];
  return (
    <Card>
      <p>{rating(surveyor)}</p>
      <dl class="facts">
        {facts
          .filter(([, text]) => text !== "")
          .map(([name, text]) => [<dt key={name}>{name}</dt>, <dd key={`${name} text`}>{text}</dd>])}
      </dl>
    </Card>
  );
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: "language" }).of(code) ?? code;
  } catch {
    return code; // not a code of a language
  }
}
