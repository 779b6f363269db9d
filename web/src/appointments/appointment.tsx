// One appointment: paying while it is held, the code on the day, and what comes afterwards.
import { answer, type Schemas } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { Again, useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, Loaded, Notice, Page } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { dayAndTime, money } from "../words/format.ts";
import { DisputeForm, ReviewForm } from "./afterwards.tsx";
import { Case } from "./case.tsx";
import { AttachedDossier, Code } from "./meeting.tsx";
import { Pay } from "./pay.tsx";
import { period } from "./period.ts";
import { TONES } from "./tones.ts";
import { refusalOf, t } from "./words.ts";

export type Appointment = Schemas["Appointment"];
export interface AppointmentProps {
  appointment: Appointment;
  reload: () => void;
}

const HELD_SECONDS = 3; // a payment is on its way
const OPEN_SECONDS = 20; // a scan at the boat
const PAID: readonly Appointment["status"][] = ["confirmed", "checked_in", "completed", "no_show", "disputed", "resolved"];

export function AppointmentScreen(): JSX.Element {
  const id = useRoute().params.appointment!;
  const resource = useResource(`appointment ${id}`, () => load(id));
  return (
    <Page title={resource.data ? t("with", { name: resource.data.surveyor_name }) : t("title")} back="/app/appointments">
      <Loaded from={resource}>
        {(appointment) => (
          <>
            <Facts appointment={appointment} />
            {appointment.role === "owner" ? <OwnersPart appointment={appointment} reload={resource.reload} /> : <Notice>{t("not_yours")}</Notice>}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Asks again while somebody else may change it at any moment: the payment provider, or the surveyor's scan. */
async function load(id: string): Promise<Appointment | Again<Appointment>> {
  const one = await answer(server.GET("/v1/appointments/{appointment_id}", { params: { path: { appointment_id: id } } }));
  if (one.status === "held") return new Again(one, HELD_SECONDS);
  return one.status === "confirmed" || one.status === "checked_in" ? new Again(one, OPEN_SECONDS) : one;
}

function OwnersPart(props: AppointmentProps): JSX.Element {
  const { appointment } = props;
  const { status, ends_at: ends, dispute_id: dispute, dossier_id: dossier } = appointment;
  const isOver = Date.parse(ends) < Date.now();
  return (
    <>
      {status === "held" && <Pay {...props} />}
      {status === "released" && <Notice>{t("released_text")}</Notice>}
      {status === "cancelled" && <Cancelled appointment={appointment} />}
      {(status === "confirmed" || status === "checked_in") && <Code appointment={appointment} />}
      {dossier && PAID.includes(status) && <AttachedDossier appointment={appointment} />}
      {dispute && <Case disputeId={dispute} appointment={appointment} />}
      {appointment.checked_in_at && isOver && status !== "checked_in" && <ReviewForm appointment={appointment} />}
      {!dispute && (status === "completed" || status === "no_show") && <DisputeForm {...props} />}
      {(status === "held" || (status === "confirmed" && Date.parse(appointment.starts_at) > Date.now())) && <Cancel {...props} />}
    </>
  );
}

function Facts({ appointment }: { appointment: Appointment }): JSX.Element {
  const { status, starts_at: starts, ends_at: ends, place, price_minor: price, currency, checked_in_at: arrived, free_cancellation_until: free } = appointment;
  const isOpen = status === "confirmed" && Date.parse(free) > Date.now();
  return (
    <Card title={t("facts")}>
      <dl class="facts">
        <dt>{t("state")}</dt>
        <dd>
          <Badge tone={TONES[status]}>{t(status)}</Badge>
        </dd>
        <dt>{t("when")}</dt>
        <dd>{period(starts, ends)}</dd>
        <dt>{t("where")}</dt>
        <dd>{place}</dd>
        <dt>{t("price")}</dt>
        <dd>{money(price, currency)}</dd>
        {isOpen && (
          <>
            <dt>{t("refundable")}</dt>
            <dd>{dayAndTime(free)}</dd>
          </>
        )}
      </dl>
      {arrived && <p>{t("checked_in_at", { time: dayAndTime(arrived) })}</p>}
    </Card>
  );
}

function Cancelled({ appointment: { cancelled_by: by, refund_minor: refund, currency } }: { appointment: Appointment }): JSX.Element {
  return (
    <Notice tone="warn">
      {by && <p>{t(by === "owner" ? "by_owner" : "by_surveyor")}</p>}
      {refund !== null && <p>{refund > 0 ? t("refund", { amount: money(refund, currency) }) : t("no_refund")}</p>}
    </Notice>
  );
}

function Cancel({ appointment, reload }: AppointmentProps): JSX.Element {
  const { appointment_id: id, status, price_minor: price, currency, free_cancellation_until: free } = appointment;
  const cancel = useAction(async () => {
    await server.POST("/v1/appointments/{appointment_id}/cancel", { params: { path: { appointment_id: id } } });
    reload();
  });
  const isHeld = status === "held";
  const isFree = Date.parse(free) > Date.now();
  return (
    <AskFirst
      label={t(isHeld ? "give_up" : "cancel")}
      yes={t(isHeld ? "yes_give_up" : "yes_cancel")}
      no={t("keep")}
      isRunning={cancel.isRunning}
      onYes={() => cancel.run()}
    >
      <p>{isHeld ? t("give_up_sure") : isFree ? t("cancel_full", { amount: money(price, currency) }) : t("cancel_none")}</p>
      <Refusal error={cancel.error} room={refusalOf} />
    </AskFirst>
  );
}
