// A clearer wording of the statement: proposed sentence by sentence, and the owner's to accept.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction } from "../shell/hooks.ts";
import { Card, Notice } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import type { Dossier, DossierProps } from "./dossier.tsx";
import { refusalOf, t } from "./words.ts";

type Proposal = NonNullable<Dossier["refinement"]>;

interface WordingProps extends DossierProps {
  isEmpty: boolean;
  isSaving: boolean;
  saveChanges: () => Promise<void>;
  onUse: (text: string) => Promise<void>;
}

export function Wording({ dossier, reload, isEmpty, isSaving, saveChanges, onUse }: WordingProps): JSX.Element {
  const { refinement } = dossier;
  const [left, setLeft] = useState<string | null>(null);
  const params = { path: { dossier_id: dossier.dossier_id } };
  const propose = useAction(async () => {
    await saveChanges();
    await server.POST("/v1/dossiers/{dossier_id}/statement/refine", { params });
    setLeft(null);
    reload();
  });
  const isPending = refinement?.state === "pending";
  return (
    <Card title={t("refine")}>
      <p class="muted">{t("refine_text")}</p>
      {refinement?.state === "failed" && <Notice tone="warn">{t("refine_failed")}</Notice>}
      {isPending && <Notice>{t("proposing")}</Notice>}
      {refinement?.state === "done" && refinement.text !== left && <ProposalView proposal={refinement} onUse={onUse} onLeave={() => setLeft(refinement.text)} />}
      <Refusal error={propose.error} room={refusalOf} />
      {!isPending && (refinement?.state !== "done" || refinement.text === left) && (
        <button type="button" class="quiet" disabled={isEmpty || isSaving || propose.isRunning} onClick={() => propose.run()}>
          {t("propose")}
        </button>
      )}
      {isEmpty && <p class="muted">{t("no_statement")}</p>}
    </Card>
  );
}

function ProposalView({ proposal, onUse, onLeave }: { proposal: Proposal; onUse: (text: string) => Promise<void>; onLeave: () => void }): JSX.Element {
  const accept = useAction(() => onUse(proposal.text ?? ""));
  if (proposal.changes.length === 0) {
    return (
      <Notice tone="good">
        {t("no_changes")} {proposal.engine && t("proposal_by", { engine: proposal.engine })}
      </Notice>
    );
  }
  return (
    <>
      <ol class="changes">
        {proposal.changes.map(({ before, after }) => (
          <li key={before}>
            <p>
              <span class="muted">{t("before")}</span>
              <del>{before}</del>
            </p>
            <p>
              <span class="muted">{t("after")}</span>
              <ins>{after}</ins>
            </p>
          </li>
        ))}
      </ol>
      {proposal.engine && <p class="muted">{t("proposal_by", { engine: proposal.engine })}</p>}
      <Refusal error={accept.error} room={refusalOf} />
      <div class="row">
        <button type="button" disabled={accept.isRunning} onClick={() => accept.run()}>
          {t("accept")}
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          {t("leave")}
        </button>
      </div>
    </>
  );
}
