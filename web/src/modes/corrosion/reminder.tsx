// When to look at this boat again.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import { useAction, useResource } from "../../shell/hooks.ts";
import { Card, ErrorNotice, Field, Form, Loaded, SubmitButton, Switch } from "../../shell/parts.tsx";
import { day } from "../../words/format.ts";
import { t } from "./words.ts";

const YEARLY = 365;

export function Reminder({ vessel }: { vessel: string }): JSX.Element {
  const reminder = useResource(`reminder ${vessel}`, async () => {
    const { reminders } = await answer(server.GET("/v1/corrosion/reminders", { params: { query: { page_size: 100 } } }));
    return reminders.find((one) => one.vessel_id === vessel) ?? null;
  });
  return (
    <Card title={t("reminder")}>
      <p class="muted">{t("reminder_text")}</p>
      <Loaded from={reminder}>
        {(set) => (
          <>
            {set?.enabled && <p>{set.due_on ? t("due", { date: day(set.due_on) }) : t("not_due")}</p>}
            <ReminderForm
              key={JSON.stringify(set)}
              days={set?.interval_days ?? YEARLY}
              isOn={set?.enabled ?? true}
              vessel={vessel}
              onSaved={reminder.reload}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function ReminderForm({ days, isOn, vessel, onSaved }: { days: number; isOn: boolean; vessel: string; onSaved: () => void }): JSX.Element {
  const [enabled, setEnabled] = useState(isOn);
  const save = useAction(async ({ interval_days: interval = "" }: Record<string, string>) => {
    const params = { path: { vessel_id: vessel } };
    await server.PUT("/v1/corrosion/reminders/{vessel_id}", { params, body: { interval_days: Number(interval), enabled } });
    onSaved();
  });
  return (
    <Form send={save.run}>
      <Switch label={t("remind_on")} checked={enabled} onChange={setEnabled} />
      <Field label={t("remind_every")} name="interval_days" type="number" min={30} max={730} required defaultValue={days} error={save.error} />
      <ErrorNotice error={save.error} />
      <SubmitButton isRunning={save.isRunning}>{t("save")}</SubmitButton>
    </Form>
  );
}
