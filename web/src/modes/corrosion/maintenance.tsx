// Work on the hull: what was done when, and noting more.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import { useAction, useIntentionKey } from "../../shell/hooks.ts";
import { Card, Choice, ErrorNotice, Field, Form, SubmitButton } from "../../shell/parts.tsx";
import { day } from "../../words/format.ts";
import { t } from "./words.ts";

type Work = Schemas["Maintenance"];

const KINDS = ["blasted", "painted", "anodes", "cleaned"] as const;

export function Maintenance({ vessel, events, onChanged }: { vessel: string; events: Work[]; onChanged: () => void }): JSX.Element {
  const [isAdding, setIsAdding] = useState(false);
  const remove = useAction(async (id: string) => {
    await server.DELETE("/v1/corrosion/maintenance/{maintenance_id}", { params: { path: { maintenance_id: id } } });
    onChanged();
  });
  return (
    <Card title={t("maintenance")}>
      <p class="muted">{t("maintenance_text")}</p>
      <ul class="links">
        {events.map((work) => (
          <li key={work.maintenance_id} class="row apart">
            <span>
              {day(work.performed_on)}: {t(work.kind)}
              {work.points.length > 0 && ` (${work.points.map((point) => t("point", { count: point })).join(", ")})`}
              {work.note && <span class="note"> {work.note}</span>}
            </span>
            <button type="button" class="quiet" disabled={remove.isRunning} onClick={() => remove.run(work.maintenance_id)}>
              {t("delete")}
            </button>
          </li>
        ))}
      </ul>
      <ErrorNotice error={remove.error} />
      {isAdding ? (
        <AddWork
          vessel={vessel}
          onAdded={() => {
            setIsAdding(false);
            onChanged();
          }}
        />
      ) : (
        <button type="button" class="quiet" onClick={() => setIsAdding(true)}>
          {t("add_work")}
        </button>
      )}
    </Card>
  );
}

function AddWork({ vessel, onAdded }: { vessel: string; onAdded: () => void }): JSX.Element {
  const [kind, setKind] = useState<(typeof KINDS)[number]>("painted");
  const [key] = useIntentionKey();
  const add = useAction(async ({ performed_on: day = "", points = "", note = "" }: Record<string, string>) => {
    const body = { vessel_id: vessel, kind, performed_on: day, note, points: (points.match(/\d+/g) ?? []).map(Number) };
    await answer(server.POST("/v1/corrosion/maintenance", { params: { header: { "Idempotency-Key": key } }, body }));
    onAdded();
  });
  return (
    <Form send={add.run}>
      <Choice label={t("kind")} name="kind" value={kind} onChange={setKind} options={KINDS.map((one) => [one, t(one)] as const)} />
      <Field label={t("done_on")} name="performed_on" type="date" required error={add.error} />
      <Field label={t("only_points")} name="points" inputMode="numeric" error={add.error} autocomplete="off" />
      <Field label={t("note")} name="note" maxLength={500} error={add.error} autocomplete="off" />
      <ErrorNotice error={add.error} />
      <SubmitButton isRunning={add.isRunning}>{t("save")}</SubmitButton>
    </Form>
  );
}
