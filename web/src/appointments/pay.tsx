// Paying for a held time, before the hold ends.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { type Checkout, Payment } from "../orders/payment.tsx";
import { PayButton } from "../session/step-up.tsx";
import { useAction, useIntentionKey } from "../shell/hooks.ts";
import { Card, Notice } from "../shell/parts.tsx";
import { dayAndTime, money } from "../words/format.ts";
import type { AppointmentProps } from "./appointment.tsx";
import { refusalOf, t } from "./words.ts";

export function Pay({ appointment }: AppointmentProps): JSX.Element {
  const [checkout, setCheckout] = useState<Checkout | null>(null);
  const [key] = useIntentionKey();
  const id = appointment.appointment_id;
  const pay = useAction(async () => {
    const params = { path: { appointment_id: id }, header: { "Idempotency-Key": key } };
    setCheckout(await answer(server.POST("/v1/appointments/{appointment_id}/checkout", { params })));
  });
  const { price_minor: price, currency, free_cancellation_until: free } = appointment;
  const isFree = Date.parse(free) > Date.now();
  return (
    <Card title={money(price, currency)} tone="warn">
      <Countdown until={appointment.held_until} />
      {checkout ? (
        <Payment checkout={checkout} done="/app/appointments" />
      ) : (
        <>
          <p class="muted">{isFree ? t("refund_policy", { time: dayAndTime(free) }) : t("refund_policy_now")}</p>
          <p class="muted">{t("pay_text")}</p>
          <PayButton pay={pay} label={t("pay")} room={refusalOf} />
        </>
      )}
    </Card>
  );
}

/** Counts down in sight; a screen reader is not told every second. */
function Countdown({ until }: { until: string }): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.ceil((Date.parse(until) - now) / 1000);
  if (left <= 0) return <Notice tone="warn">{t("held_over")}</Notice>;
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <p class="signal" role="timer">
      {t("held_left", { time })}
    </p>
  );
}
