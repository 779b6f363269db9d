// A dispute: until when our staff answer and decide, what they decided, and what the owner adds.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, Form, Loaded, Notice, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import { dayAndTime, money } from "../words/format.ts";
import type { Appointment } from "./appointment.tsx";
import { inOneLine } from "./reviews.tsx";
import { refusalOf, t } from "./words.ts";

type Dispute = Schemas["Dispute"];

const OUTCOMES = { full: "full", part: "part", none: "outcome_none" } as const;

export function Case({ disputeId, appointment }: { disputeId: string; appointment: Appointment }): JSX.Element {
  const params = { path: { dispute_id: disputeId } };
  const dispute = useResource(`dispute ${disputeId}`, () => answer(server.GET("/v1/disputes/{dispute_id}", { params })));
  return (
    <Card title={t("case")} tone="warn">
      <Loaded from={dispute}>
        {(one) => (
          <>
            <State dispute={one} currency={appointment.currency} />
            {one.attempts.length > 0 && (
              <>
                <h3>{t("your_words")}</h3>
                <ul class="entries">
                  {one.attempts.map((attempt) => (
                    <li key={attempt.created_at}>
                      <p>{attempt.explanation}</p>
                      <p class="muted">{dayAndTime(attempt.created_at)}</p>
                    </li>
                  ))}
                </ul>
              </>
            )}
            {one.status === "open" && <Explain key={one.attempts.length} disputeId={disputeId} onSent={dispute.reload} />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function State({ dispute, currency }: { dispute: Dispute; currency: string }): JSX.Element {
  const { status, outcome, refund_minor: refund, escalated, acknowledged_at: read, resolved_at: decided } = dispute;
  const isOpen = status === "open";
  const facts: [string, string | null][] = [
    [t("opened"), dispute.opened_at],
    [t("acknowledged"), read],
    [t("answer_by"), isOpen && !read ? dispute.acknowledge_by : null],
    [t("decide_by"), isOpen ? dispute.resolve_by : null],
    [t("decided"), decided],
  ];
  return (
    <>
      <p>
        <Badge tone={isOpen ? "warn" : "calm"}>{t(isOpen ? "case_open" : "case_resolved")}</Badge>
      </p>
      {outcome && (
        <Notice tone={outcome === "none" ? "calm" : "good"}>
          {t(OUTCOMES[outcome])} {refund !== null && refund > 0 && t("refund", { amount: money(refund, currency) })}
        </Notice>
      )}
      <dl class="facts">
        {facts.map(([name, time]) => time !== null && [<dt key={name}>{name}</dt>, <dd key={`${name} time`}>{dayAndTime(time)}</dd>])}
      </dl>
      {isOpen && escalated && <p>{t("escalated")}</p>}
    </>
  );
}

function Explain({ disputeId, onSent }: { disputeId: string; onSent: () => void }): JSX.Element {
  const [text, setText] = useState("");
  const send = useAction(async () => {
    const params = { path: { dispute_id: disputeId } };
    await server.POST("/v1/disputes/{dispute_id}/recovery-attempts", { params, body: { explanation: inOneLine(text) } });
    onSent();
  });
  return (
    <Form send={() => send.run()}>
      <TextArea label={t("more_words")} name="explanation" maxLength={1000} required value={text} onInput={(event) => setText(event.currentTarget.value)} error={send.error} />
      <Refusal error={send.error} room={refusalOf} />
      <SubmitButton isRunning={send.isRunning}>{t("send_words")}</SubmitButton>
    </Form>
  );
}
