// Some purchases ask again who it is: with a code by mail, or from the authenticator app.
import { answer, ApiError } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { type Action, useAction } from "../shell/hooks.ts";
import { Card, Field, Form, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { words } from "../words/words.ts";

const t = words({
  en: {
    text: "Before this purchase, confirm that it is you.",
    send: "Confirm with a code",
    by_mail: "We sent a code of six digits to your e-mail address. It works for {minutes} minutes.",
    by_app: "Take the code of six digits from your authenticator app.",
    code: "Code",
    confirm: "Confirm and go on",
    another: "Send another code",
  },
  de: {
    text: "Bestätigen Sie vor diesem Kauf, dass Sie es sind.",
    send: "Mit einem Code bestätigen",
    by_mail: "Wir haben einen sechsstelligen Code an Ihre E-Mail-Adresse geschickt. Er gilt {minutes} Minuten.",
    by_app: "Nehmen Sie den sechsstelligen Code aus Ihrer Authenticator-App.",
    code: "Code",
    confirm: "Bestätigen und weiter",
    another: "Einen anderen Code schicken",
  },
});

interface Purchase {
  /** Opens the payment page. */
  pay: Action<[]>;
  label: string;
  room: (reason: string) => string | undefined;
}

/** The button of a purchase, with its refusal; where the account has to prove itself first, the way to do that. */
export function PayButton({ pay, label, room }: Purchase): JSX.Element {
  if (pay.error instanceof ApiError && pay.error.reason === "STEP_UP_REQUIRED") return <StepUp onProven={() => pay.run()} />;
  return (
    <>
      <Refusal error={pay.error} room={room} />
      <button type="button" class="main" disabled={pay.isRunning} onClick={() => pay.run()}>
        {label}
      </button>
    </>
  );
}

/** Calls `onProven` once this session is open for such a purchase. */
function StepUp({ onProven }: { onProven: () => void }): JSX.Element {
  const [sent, setSent] = useState<{ channel: string; code_minutes: number } | null>(null);
  const request = useAction(async () => setSent(await answer(server.POST("/v1/auth/step-up"))));
  const check = useAction(async ({ code = "" }: Record<string, string>) => {
    await server.POST("/v1/auth/step-up/verify", { body: { code } });
    onProven();
  });
  return (
    <Card tone="warn">
      <p>{t("text")}</p>
      {sent === null ? (
        <button type="button" disabled={request.isRunning} onClick={() => request.run()}>
          {t("send")}
        </button>
      ) : (
        <>
          <p>{sent.channel === "mail" ? t("by_mail", { minutes: sent.code_minutes }) : t("by_app")}</p>
          <Form send={check.run}>
            <Field label={t("code")} name="code" inputMode="numeric" autocomplete="one-time-code" required error={check.error} />
            <Refusal error={check.error} />
            <SubmitButton isRunning={check.isRunning}>{t("confirm")}</SubmitButton>
          </Form>
          {sent.channel === "mail" && (
            <button type="button" class="quiet" disabled={request.isRunning} onClick={() => request.run()}>
              {t("another")}
            </button>
          )}
        </>
      )}
      <Refusal error={request.error} />
    </Card>
  );
}
