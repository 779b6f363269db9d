// What an owner hands to a surveyor: the list of dossiers, and the way to each.
import { answer } from "@maretech/client";
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { Pages } from "../shell/pages.tsx";
import { Badge, Card, LinkList, Page } from "../shell/parts.tsx";
import { day } from "../words/format.ts";
import { DossierScreen } from "./dossier.tsx";
import { LetterScreen } from "./letter.tsx";
import { NewDossier } from "./new.tsx";
import { TONES } from "./tones.ts";
import { t } from "./words.ts";

export default function Dossiers(): JSX.Element {
  return (
    <Router>
      <Route path="/new" component={NewDossier} />
      <Route path="/:dossier" component={DossierScreen} />
      <Route path="/:dossier/letters/:letter" component={LetterScreen} />
      <Route default component={DossierList} />
    </Router>
  );
}

function DossierList(): JSX.Element {
  return (
    <Page title={t("title")} back="/app/">
      <p class="lead">{t("intro")}</p>
      <Card>
        <Pages name="dossiers" load={(query) => answer(server.GET("/v1/dossiers", { params: { query } }))}>
          {(dossiers) =>
            dossiers.length === 0 ? (
              <p class="muted">{t("empty")}</p>
            ) : (
              <LinkList
                items={dossiers.map((one) => ({
                  href: `/app/dossiers/${one.dossier_id}`,
                  title: one.vessel_label || t("unnamed"),
                  note: (
                    <>
                      {day(one.final_at ?? one.created_at)} <Badge tone={TONES[one.status]}>{t(one.status)}</Badge>
                    </>
                  ),
                }))}
              />
            )
          }
        </Pages>
      </Card>
      <a class="button quiet" href="/app/appointments/surveyors">
        {t("surveyors")}
      </a>
    </Page>
  );
}
