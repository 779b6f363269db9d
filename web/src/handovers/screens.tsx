// Handing a boat over to its next owner, and taking one over.
import { answer } from "@maretech/client";
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { Pages } from "../shell/pages.tsx";
import { Badge, Card, LinkList, Page } from "../shell/parts.tsx";
import { HandoverScreen } from "./handover.tsx";
import { Offer } from "./offer.tsx";
import { TONES } from "./tones.ts";
import { t } from "./words.ts";

export default function Handovers(): JSX.Element {
  return (
    <Router>
      <Route path="/new/:vessel" component={Offer} />
      <Route path="/:handover" component={HandoverScreen} />
      <Route default component={HandoverList} />
    </Router>
  );
}

function HandoverList(): JSX.Element {
  return (
    <Page title={t("title")} back="/app/">
      <p class="lead">{t("intro")}</p>
      <Card>
        <Pages name="handovers" load={(query) => answer(server.GET("/v1/handovers", { params: { query } }))}>
          {(handovers) =>
            handovers.length === 0 ? (
              <p class="muted">{t("none")}</p>
            ) : (
              <LinkList
                items={handovers.map((one) => ({
                  href: `/app/handovers/${one.handover_id}`,
                  title: one.vessel_name || t("unnamed"),
                  note: (
                    <>
                      {t(one.role === "seller" ? "selling" : "buying")}
                      <br />
                      <Badge tone={TONES[one.status]}>{t(one.status)}</Badge>
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
