// A final dossier: its document, how anybody checks it, and revoking it.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { Again, useAction, useResource } from "../shell/hooks.ts";
import { Card, Loaded } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { bytes } from "../words/format.ts";
import type { Dossier, DossierProps } from "./dossier.tsx";
import { refusalOf, t } from "./words.ts";

const EARLY_SECONDS = 30; // a link that ends while it is followed would be refused
const LEAST_SECONDS = 10;

export function Document({ dossier }: { dossier: Dossier }): JSX.Element {
  const { pdf, verify_url: verify, photos, model_versions: models, statement } = dossier;
  return (
    <Card title={t("document")} tone="good">
      <Download dossier={dossier} />
      {pdf && (
        <p class="muted">
          {t("photos", { count: photos.length })} · {bytes(pdf.byte_size)}
          <br />
          {t("hash")}: <code>{pdf.sha256}</code>
        </p>
      )}
      {models.length > 0 && (
        <p class="muted">
          {t("models")}: {models.join(", ")}
        </p>
      )}
      {verify && (
        <p>
          <a href={verify} target="_blank" rel="noopener noreferrer">
            {t("verify")}
          </a>
          <br />
          <span class="muted">{t("verify_text")}</span>
        </p>
      )}
      {statement && (
        <details>
          <summary>{t("own_words")}</summary>
          <p class="lines" lang={dossier.language}>
            {statement}
          </p>
        </details>
      )}
    </Card>
  );
}

/** The link to the file lives for minutes, so it is asked for again before it ends. */
function Download({ dossier }: { dossier: Dossier }): JSX.Element {
  const params = { path: { dossier_id: dossier.dossier_id } };
  const link = useResource(`pdf ${dossier.dossier_id}`, async () => {
    const made = await answer(server.GET("/v1/dossiers/{dossier_id}/pdf", { params }));
    const seconds = (Date.parse(made.expires_at) - Date.now()) / 1000 - EARLY_SECONDS;
    return new Again(made, Math.max(seconds, LEAST_SECONDS));
  });
  return (
    <Loaded from={link}>
      {({ url }) => (
        <a class="button main" href={url} target="_blank" rel="noopener noreferrer">
          {t("pdf")}
        </a>
      )}
    </Loaded>
  );
}

export function Revoke({ dossier, reload }: DossierProps): JSX.Element {
  const revoke = useAction(async () => {
    await server.DELETE("/v1/dossiers/{dossier_id}", { params: { path: { dossier_id: dossier.dossier_id } } });
    reload();
  });
  return (
    <AskFirst label={t("revoke")} yes={t("yes_revoke")} no={t("keep")} isRunning={revoke.isRunning} onYes={() => revoke.run()}>
      <p>{t("revoke_sure")}</p>
      <Refusal error={revoke.error} room={refusalOf} />
    </AskFirst>
  );
}
