// One handover: where it stands, each party's code, ending it, and a dispute.
import { answer, ApiError, type Schemas } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { Again, useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, Field, Form, Loaded, Notice, Page, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day, dayAndTime } from "../words/format.ts";
import { Dispute } from "./dispute.tsx";
import { TONES } from "./tones.ts";
import { refusalOf, t } from "./words.ts";

export type Handover = Schemas["HandoverDetail"];
export interface HandoverProps {
  handover: Handover;
  reload: () => void;
}

const OPEN_SECONDS = 10; // the other party may enter its code at any moment

export function HandoverScreen(): JSX.Element {
  const id = useRoute().params.handover!;
  const resource = useResource(`handover ${id}`, () => load(id));
  return (
    <Page title={resource.data?.vessel_name || t("unnamed")} back="/app/handovers">
      <Loaded from={resource}>
        {(handover) => {
          const props = { handover, reload: resource.reload };
          return (
            <>
              <Facts handover={handover} />
              {isOpen(handover) ? (
                <>
                  <Confirm {...props} />
                  <End {...props} />
                </>
              ) : (
                <Outcome handover={handover} />
              )}
              <Dispute {...props} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function isOpen({ status }: Handover): boolean {
  return status === "initiated" || status === "pending_codes";
}

async function load(id: string): Promise<Handover | Again<Handover>> {
  const one = await answer(server.GET("/v1/handovers/{handover_id}", { params: { path: { handover_id: id } } }));
  return isOpen(one) ? new Again(one, OPEN_SECONDS) : one;
}

function Facts({ handover }: { handover: Handover }): JSX.Element {
  const { role, status, to_email: to, credits, inspection_counts: counts, last_inspected_at: last, expires_at: until } = handover;
  const total = counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
  const facts: [string, string | null][] = [
    [t("role"), t(role === "seller" ? "selling" : "buying")],
    [t("to"), to],
    [t("pays"), credits > 0 ? t("inspections_paid", { count: credits }) : t("nothing")],
    [t("comes_with"), total === null ? null : t("inspection_count", { count: total })],
    [t("last"), last && day(last)],
    [t("until"), isOpen(handover) ? dayAndTime(until) : null],
  ];
  return (
    <Card title={t("facts")}>
      <p>
        <Badge tone={TONES[status]}>{t(status)}</Badge>
      </p>
      <dl class="facts">
        {facts.map(([name, text]) => text !== null && [<dt key={name}>{name}</dt>, <dd key={`${name} text`}>{text}</dd>])}
      </dl>
    </Card>
  );
}

function Confirm({ handover, reload }: HandoverProps): JSX.Element {
  const params = { path: { handover_id: handover.handover_id } };
  const confirm = useAction(async ({ code = "" }: Record<string, string>) => {
    try {
      await server.POST("/v1/handovers/{handover_id}/confirm", { params, body: { code: code.trim() } });
    } finally {
      reload(); // a wrong code may have been the last
    }
  });
  if (handover.confirmed) return <Notice tone="good">{t("waiting")}</Notice>;
  const lacksCredits = confirm.error instanceof ApiError && confirm.error.reason === "CREDITS_MISSING" && handover.role === "buyer";
  return (
    <Card title={t("confirm_title")}>
      <p>{t(handover.role === "seller" ? "confirm_seller" : "confirm_buyer")}</p>
      <Form send={confirm.run}>
        <Field label={t("code")} name="code" inputMode="numeric" autocomplete="one-time-code" maxLength={6} required hint={t("tries")} error={confirm.error} />
        <Refusal error={confirm.error} room={refusalOf} />
        {lacksCredits && (
          <p>
            <a href="/app/orders">{t("buy_more")}</a>
          </p>
        )}
        <SubmitButton isRunning={confirm.isRunning}>{t("confirm")}</SubmitButton>
      </Form>
    </Card>
  );
}

function End({ handover, reload }: HandoverProps): JSX.Element {
  const params = { path: { handover_id: handover.handover_id } };
  const isSeller = handover.role === "seller";
  const end = useAction(async () => {
    await (isSeller ? server.POST("/v1/handovers/{handover_id}/cancel", { params }) : server.POST("/v1/handovers/{handover_id}/decline", { params }));
    reload();
  });
  return (
    <AskFirst
      label={t(isSeller ? "cancel" : "decline")}
      yes={t(isSeller ? "yes_cancel" : "yes_decline")}
      no={t("keep")}
      isRunning={end.isRunning}
      onYes={() => end.run()}
    >
      <p>{t(isSeller ? "cancel_sure" : "decline_sure")}</p>
      <Refusal error={end.error} room={refusalOf} />
    </AskFirst>
  );
}

function Outcome({ handover }: { handover: Handover }): JSX.Element | null {
  const { role, status, vessel_id: vessel, vessel_name: name, completed_at: done, ended_at: ended } = handover;
  const boat = name || t("unnamed");
  if (status === "reversed") return <Notice tone="warn">{t("reversed_text")}</Notice>;
  if (!done) return ended ? <Notice>{t("ended", { date: dayAndTime(ended) })}</Notice> : null;
  return (
    <Notice tone="good">
      <p>{t(role === "seller" ? "done_seller" : "done_buyer", { boat, date: day(done) })}</p>
      {role === "buyer" && vessel && <a href={`/app/vessels/${vessel}`}>{t("to_boat")}</a>}
    </Notice>
  );
}
