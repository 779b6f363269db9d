// Disputing a completed handover, which staff decide.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction } from "../shell/hooks.ts";
import { Card, Notice } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import { day } from "../words/format.ts";
import type { HandoverProps } from "./handover.tsx";
import { refusalOf, t } from "./words.ts";

export function Dispute({ handover, reload }: HandoverProps): JSX.Element | null {
  const { dispute, status, disputable_until: until, role } = handover;
  if (dispute) {
    const { decided_at: decided, disputed_at: at, disputed_by: by } = dispute;
    if (decided) return <Notice>{t("dispute_decided", { date: day(decided) })}</Notice>;
    return <Notice tone="warn">{t(by === role ? "disputed_by_you" : "disputed_by_other", { date: day(at) })}</Notice>;
  }
  if (status !== "completed" || until === null || Date.parse(until) < Date.now()) return null;
  return <DisputeForm handover={handover} reload={reload} until={until} />;
}

function DisputeForm({ handover, reload, until }: HandoverProps & { until: string }): JSX.Element {
  const [reason, setReason] = useState("");
  const dispute = useAction(async () => {
    const params = { path: { handover_id: handover.handover_id } };
    // The server takes what staff read as one line.
    await server.POST("/v1/handovers/{handover_id}/dispute", { params, body: { reason: reason.replace(/\s+/g, " ").trim() } });
    reload();
  });
  return (
    <Card title={t("dispute")}>
      <p class="muted">{t("dispute_text", { date: day(until) })}</p>
      <TextArea label={t("reason")} name="reason" maxLength={1000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} error={dispute.error} />
      {reason.trim() !== "" && (
        <AskFirst label={t("send_dispute")} yes={t("yes_dispute")} no={t("no_dispute")} isRunning={dispute.isRunning} onYes={() => dispute.run()}>
          <p>{t("dispute_sure")}</p>
          <Refusal error={dispute.error} room={refusalOf} />
        </AskFirst>
      )}
    </Card>
  );
}
