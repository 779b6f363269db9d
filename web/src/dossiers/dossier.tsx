// One dossier: a draft to work on, or a final document to hand out.
import { secondsToWait, type Schemas } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { Again, useResource } from "../shell/hooks.ts";
import { Badge, Card, Loaded, Notice, Page } from "../shell/parts.tsx";
import { day } from "../words/format.ts";
import { Deliveries } from "./deliveries.tsx";
import { Draft } from "./draft.tsx";
import { Document, Revoke } from "./final.tsx";
import { TONES } from "./tones.ts";
import { Shares } from "./shares.tsx";
import { t } from "./words.ts";

export type Dossier = Schemas["Dossier"];
export interface DossierProps {
  dossier: Dossier;
  reload: () => void;
}

export function DossierScreen(): JSX.Element {
  const id = useRoute().params.dossier!;
  const resource = useResource(`dossier ${id}`, () => load(id));
  return (
    <Page title={resource.data?.vessel_label || t("unnamed")} back="/app/dossiers">
      <Loaded from={resource}>
        {(dossier) => (
          <>
            {dossier.superseded_by && (
              <Notice tone="warn">
                <p>{t("superseded")}</p>
                <a href={`/app/dossiers/${dossier.superseded_by}`}>{t("open_newer")}</a>
              </Notice>
            )}
            <Facts dossier={dossier} />
            <Body key={dossier.status} dossier={dossier} reload={resource.reload} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Body(props: DossierProps): JSX.Element {
  const { dossier } = props;
  switch (dossier.status) {
    case "draft":
      return <Draft {...props} />;
    case "rendering":
      return <Notice>{t("rendering_text")}</Notice>;
    case "final":
      return (
        <>
          <Document dossier={dossier} />
          <Shares {...props} />
          <Deliveries dossier={dossier} />
          <Revoke {...props} />
        </>
      );
    case "revoked":
      return (
        <>
          <Notice tone="bad">{t("is_revoked", { date: dossier.revoked_at ? day(dossier.revoked_at) : "" })}</Notice>
          <Deliveries dossier={dossier} />
        </>
      );
  }
}

/** Asks again as long as a worker transcribes, words or renders. */
async function load(id: string): Promise<Dossier | Again<Dossier>> {
  const { data, response } = await server.GET("/v1/dossiers/{dossier_id}", { params: { path: { dossier_id: id } } });
  const seconds = secondsToWait(response);
  return seconds === null ? data! : new Again(data!, seconds);
}

function Facts({ dossier }: { dossier: Dossier }): JSX.Element {
  const { mode, status, created_at: created, final_at: final } = dossier;
  return (
    <Card title={t("details")}>
      <dl class="facts">
        <dt>{t("state")}</dt>
        <dd>
          <Badge tone={TONES[status]}>{t(status)}</Badge>
        </dd>
        <dt>{t("created")}</dt>
        <dd>{day(created)}</dd>
        {final && (
          <>
            <dt>{t("made_final")}</dt>
            <dd>{day(final)}</dd>
          </>
        )}
        <dt>{t("inspections")}</dt>
        <dd>
          {dossier.inspection_ids.map((id, index) => (
            <a key={id} class="block" href={`/app/${mode}/inspections/${id}`}>
              {t("show_result", { count: index + 1 })}
            </a>
          ))}
        </dd>
      </dl>
    </Card>
  );
}

