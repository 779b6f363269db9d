// After the appointment: reviewing the surveyor, or disputing what happened.
import { ApiError } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction, useIntentionKey } from "../shell/hooks.ts";
import { Card, Form, Notice, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import { day } from "../words/format.ts";
import type { Appointment, AppointmentProps } from "./appointment.tsx";
import { inOneLine } from "./reviews.tsx";
import { refusalOf, t } from "./words.ts";

const STARS = [1, 2, 3, 4, 5] as const;
const DISPUTE_DAYS = 14; // section 12 of the contract
const DAY_MS = 24 * 3600 * 1000;

export function ReviewForm({ appointment }: { appointment: Appointment }): JSX.Element {
  const [isSent, setIsSent] = useState(false);
  const [key, takeNewKey] = useIntentionKey();
  const send = useAction(async ({ rating = "", text = "" }: Record<string, string>) => {
    const params = { path: { surveyor_id: appointment.surveyor_id }, header: { "Idempotency-Key": key } };
    const body = { appointment_id: appointment.appointment_id, rating: Number(rating), text };
    await server.POST("/v1/surveyors/{surveyor_id}/reviews", { params, body });
    setIsSent(true);
  });
  const isDone = send.error instanceof ApiError && send.error.reason === "ALREADY_REVIEWED";
  return (
    <Card title={t("review")}>
      {isSent ? (
        <Notice tone="good">{t("review_sent")}</Notice>
      ) : isDone ? (
        <Notice>{t("ALREADY_REVIEWED")}</Notice>
      ) : (
        // Other stars or words are another review: the key belongs to one body.
        <div onInput={takeNewKey}>
          <Form send={send.run}>
            <p class="muted">{t("review_text")}</p>
            <fieldset class="stars">
              <legend class="legend">{t("stars_label")}</legend>
              {STARS.map((count) => (
                <label key={count}>
                  <input type="radio" name="rating" value={count} required />
                  {count}
                </label>
              ))}
            </fieldset>
            <TextArea label={t("review_words")} name="text" maxLength={2000} error={send.error} />
            <Refusal error={send.error} room={refusalOf} />
            <SubmitButton isRunning={send.isRunning}>{t("send_review")}</SubmitButton>
          </Form>
        </div>
      )}
    </Card>
  );
}

/** Hidden once the time for it is over. */
export function DisputeForm({ appointment, reload }: AppointmentProps): JSX.Element | null {
  const [reason, setReason] = useState("");
  const until = Date.parse(appointment.ends_at) + DISPUTE_DAYS * DAY_MS;
  const dispute = useAction(async () => {
    const params = { path: { appointment_id: appointment.appointment_id } };
    await server.POST("/v1/appointments/{appointment_id}/dispute", { params, body: { reason: inOneLine(reason) } });
    reload();
  });
  if (until < Date.now()) return null;
  return (
    <Card title={t("dispute")}>
      <p class="muted">{t("dispute_text", { date: day(new Date(until).toISOString()) })}</p>
      <TextArea
        label={t("dispute_reason")}
        name="reason"
        maxLength={1000}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
        error={dispute.error}
      />
      {reason.trim() !== "" && (
        <AskFirst label={t("send_dispute")} yes={t("yes_dispute")} no={t("no_dispute")} isRunning={dispute.isRunning} onYes={() => dispute.run()}>
          <p>{t("dispute_sure")}</p>
          <Refusal error={dispute.error} room={refusalOf} />
        </AskFirst>
      )}
    </Card>
  );
}
