// A draft: its language and paper, the owner's statement, and making it final.
import { answer } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction } from "../shell/hooks.ts";
import { Card, Notice } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import { Consent } from "./consent.tsx";
import type { DossierProps } from "./dossier.tsx";
import { LanguageAndPaper } from "./new.tsx";
import { Wording } from "./refine.tsx";
import { Voice } from "./voice.tsx";
import { reasonName, refusalOf, t } from "./words.ts";

const MOST_CHARACTERS = 4000;

export function Draft({ dossier, reload }: DossierProps): JSX.Element {
  const { dossier_id: id, recording, reason, statement } = dossier;
  const [text, setText] = useState(statement);
  const [isSaving, setIsSaving] = useState(false);
  const params = { path: { dossier_id: id } };
  const isChanged = text !== statement;
  // A draft has one reason: that of its recording is shown with the recording.
  const cameBack = reason !== null && reason !== recording?.reason;

  // One text after the other, so that the server knows what was corrected. A wording asked for meanwhile is of no use.
  const save = async (...texts: string[]): Promise<void> => {
    setIsSaving(true);
    try {
      for (const words of texts) {
        const saved = await answer(server.PATCH("/v1/dossiers/{dossier_id}", { params, body: { statement: words } }));
        setText(saved.statement);
      }
      reload();
    } finally {
      setIsSaving(false);
    }
  };
  const saveChanges = async (): Promise<void> => {
    if (isChanged) await save(text);
  };
  const saving = useAction(() => save(text));
  const error = isChanged ? saving.error : undefined; // it may have been saved since, on the way to a wording

  return (
    <>
      {cameBack && <Notice tone="bad">{t("came_back", { reason: reasonName(reason) })}</Notice>}
      <Card>
        <Layout dossier={dossier} reload={reload} />
      </Card>
      <Card title={t("statement")}>
        <p class="muted">{t("statement_text")}</p>
        <TextArea
          label={t("statement_label")}
          name="statement"
          rows={8}
          maxLength={MOST_CHARACTERS}
          value={text}
          readOnly={saving.isRunning}
          lang={dossier.language}
          hint={t("used", { count: text.length, limit: MOST_CHARACTERS })}
          error={error}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <Refusal error={error} room={refusalOf} />
        <div class="row">
          <button type="button" disabled={!isChanged || saving.isRunning} onClick={() => saving.run()}>
            {t("save")}
          </button>
          <span role="status" class="muted">
            {isChanged ? t("unsaved") : statement && t("saved")}
          </span>
        </div>
      </Card>
      <Voice dossier={dossier} reload={reload} hasStatement={text !== ""} onUse={save} />
      <Wording dossier={dossier} reload={reload} isEmpty={text.trim() === ""} isSaving={isSaving} saveChanges={saveChanges} onUse={save} />
      <Consent />
      <Finalise dossier={dossier} reload={reload} saveChanges={saveChanges} />
      <Delete dossierId={id} />
    </>
  );
}

function Layout({ dossier, reload }: DossierProps): JSX.Element {
  const params = { path: { dossier_id: dossier.dossier_id } };
  const change = useAction(async (body: { language: "en" | "de" } | { paper: "a4" | "us-letter" }) => {
    await server.PATCH("/v1/dossiers/{dossier_id}", { params, body });
    reload();
  });
  return (
    <>
      <LanguageAndPaper
        language={dossier.language}
        paper={dossier.paper}
        onLanguage={(language) => change.run({ language })}
        onPaper={(paper) => change.run({ paper })}
      />
      <Refusal error={change.error} room={refusalOf} />
    </>
  );
}

function Finalise({ dossier, reload, saveChanges }: DossierProps & { saveChanges: () => Promise<void> }): JSX.Element {
  const params = { path: { dossier_id: dossier.dossier_id } };
  const finalise = useAction(async () => {
    await saveChanges();
    await server.POST("/v1/dossiers/{dossier_id}/finalise", { params });
    reload();
  });
  return (
    <Card title={t("finalise")}>
      <p class="muted">{t("finalise_text")}</p>
      <AskFirst label={t("finalise")} yes={t("finalise_yes")} no={t("keep_editing")} look="main" isRunning={finalise.isRunning} onYes={() => finalise.run()}>
        <p>{t("finalise_sure")}</p>
        <Refusal error={finalise.error} room={refusalOf} />
      </AskFirst>
    </Card>
  );
}

function Delete({ dossierId }: { dossierId: string }): JSX.Element {
  const { route } = useLocation();
  const remove = useAction(async () => {
    await server.DELETE("/v1/dossiers/{dossier_id}", { params: { path: { dossier_id: dossierId } } });
    route("/app/dossiers", true);
  });
  return (
    <AskFirst label={t("delete_draft")} yes={t("yes_delete")} no={t("keep")} isRunning={remove.isRunning} onYes={() => remove.run()}>
      <p>{t("delete_sure")}</p>
      <Refusal error={remove.error} room={refusalOf} />
    </AskFirst>
  );
}
