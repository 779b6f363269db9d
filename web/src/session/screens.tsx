// Signing in, registering, and a forgotten password.
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useQueue } from "../queue/store.ts";
import { useAction } from "../shell/hooks.ts";
import { Card, ErrorNotice, Field, Form, Notice, Page, SubmitButton } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { locale } from "../words/words.ts";
import { confirm, register, session, signIn } from "./owner.ts";
import { t } from "./words.ts";

export function SignIn(): JSX.Element {
  const { query } = useLocation();
  const { waitingOfOthers } = useQueue();
  const action = useAction(({ email = "", password = "" }: Record<string, string>) => signIn(email, password));
  return (
    <Page title={t("welcome")}>
      <p class="lead">{t("pitch")}</p>
      {waitingOfOthers > 0 && <Notice>{t("waiting_photos", { count: waitingOfOthers })}</Notice>}
      {query.reset !== undefined && <Notice tone="good">{t("was_set")}</Notice>}
      {query.erased !== undefined && <Notice>{t("erased", { receipt: query.erased })}</Notice>}
      <Card title={t("sign_in")}>
        <Form send={action.run}>
          <Field label={t("email")} name="email" type="email" autocomplete="username" required error={action.error} />
          <Field label={t("password")} name="password" type="password" autocomplete="current-password" required error={action.error} />
          <ErrorNotice error={action.error} />
          <SubmitButton isRunning={action.isRunning}>{t("sign_in")}</SubmitButton>
        </Form>
      </Card>
      <p class="aside">
        <a href="/app/register">{t("register")}</a>
        <a href="/app/reset">{t("forgot")}</a>
      </p>
    </Page>
  );
}

/** The server writes English until it is told otherwise. If it cannot be told now, the owner finds it in the account. */
async function writeInThisLanguage(): Promise<void> {
  await server.PUT("/v1/auth/me/notification-preferences", { body: { locale: locale() } }).catch(() => undefined);
}

export function Register(): JSX.Element {
  const { route } = useLocation();
  const action = useAction(async ({ email = "", password = "" }: Record<string, string>) => {
    await register(email, password);
    if (locale() !== "en") await writeInThisLanguage();
    route("/app/verify");
  });
  return (
    <Page title={t("register")} back="/app/">
      <Card>
        <Form send={action.run}>
          <Field label={t("email")} name="email" type="email" autocomplete="username" required error={action.error} />
          <Field
            label={t("password")}
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={10}
            hint={t("password_hint")}
            required
            error={action.error}
          />
          <ErrorNotice error={action.error} />
          <SubmitButton isRunning={action.isRunning}>{t("register")}</SubmitButton>
        </Form>
      </Card>
      <p class="aside">
        <a href="/app/">{t("sign_in")}</a>
      </p>
    </Page>
  );
}

export function Verify(): JSX.Element {
  const { query, route } = useLocation();
  const { owner } = useStore(session);
  const [isResent, setIsResent] = useState(false);
  const action = useAction(async ({ code = "" }: Record<string, string>) => {
    await server.POST("/v1/auth/email/verify", { body: { code } });
    await confirm();
    route("/app/");
  });
  const resend = useAction(async () => {
    await server.POST("/v1/auth/email/verify/resend");
    setIsResent(true);
  });
  return (
    <Page title={t("verify")} back="/app/">
      <Card>
        <p>{t("verify_text", { email: query.email ?? owner?.email ?? "" })}</p>
        <Form send={action.run}>
          <Field label={t("code")} name="code" inputMode="numeric" autocomplete="one-time-code" required error={action.error} />
          <ErrorNotice error={action.error ?? resend.error} />
          {isResent && <Notice>{t("resent")}</Notice>}
          <SubmitButton isRunning={action.isRunning}>{t("confirm")}</SubmitButton>
        </Form>
        <button type="button" class="quiet" disabled={resend.isRunning} onClick={() => resend.run()}>
          {t("resend")}
        </button>
        <a class="button quiet" href="/app/">
          {t("later")}
        </a>
      </Card>
    </Page>
  );
}

export function ResetPassword(): JSX.Element {
  const { route } = useLocation();
  const [email, setEmail] = useState<string | null>(null);
  const request = useAction(async (fields: Record<string, string>) => {
    await server.POST("/v1/auth/password/reset", { body: { email: fields.email ?? "" } });
    setEmail(fields.email ?? "");
  });
  const confirmation = useAction(async ({ code = "", password = "" }: Record<string, string>) => {
    await server.POST("/v1/auth/password/reset/confirm", { body: { email: email ?? "", code, password } });
    route("/app/?reset=1");
  });
  return (
    <Page title={t("reset")} back="/app/">
      <Card>
        {email === null ? (
          <Form key="request" send={request.run}>
            <Field label={t("email")} name="email" type="email" autocomplete="username" required error={request.error} />
            <ErrorNotice error={request.error} />
            <SubmitButton isRunning={request.isRunning}>{t("reset_send")}</SubmitButton>
          </Form>
        ) : (
          <Form key="confirm" send={confirmation.run}>
            <Notice>{t("reset_sent")}</Notice>
            <Field label={t("code")} name="code" inputMode="numeric" autocomplete="one-time-code" required error={confirmation.error} />
            <Field
              label={t("new_password")}
              name="password"
              type="password"
              autocomplete="new-password"
              minLength={10}
              hint={t("password_hint")}
              required
              error={confirmation.error}
            />
            <ErrorNotice error={confirmation.error} />
            <SubmitButton isRunning={confirmation.isRunning}>{t("set_password")}</SubmitButton>
          </Form>
        )}
      </Card>
    </Page>
  );
}
