// Changing the password and the address: both ask for the password.
import { ApiError } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { session } from "../session/owner.ts";
import { useAction } from "../shell/hooks.ts";
import { Card, ErrorNotice, Field, Form, Notice, Page, SubmitButton } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { t } from "./words.ts";

/** Tells a wrong password from everything else: the server's code is that of a refused sign-in. */
export function PasswordErrorNotice({ error }: { error: unknown }): JSX.Element | null {
  if (error instanceof ApiError && error.code === "INVALID_CREDENTIALS") return <Notice tone="bad">{t("password_wrong")}</Notice>;
  return <ErrorNotice error={error} />;
}

export function ChangePassword(): JSX.Element {
  const { owner } = useStore(session);
  const [isChanged, setIsChanged] = useState(false);
  const action = useAction(async ({ old_password = "", new_password = "" }: Record<string, string>) => {
    await server.POST("/v1/auth/password/change", { body: { old_password, new_password } });
    setIsChanged(true);
  });
  return (
    <Page title={t("password")} back="/app/account">
      <Card>
        {isChanged ? (
          <Notice tone="good">{t("password_changed")}</Notice>
        ) : (
          <Form send={action.run}>
            <p class="muted">{t("password_text")}</p>
            <input type="hidden" name="username" autocomplete="username" value={owner?.email} />
            <Field label={t("old_password")} name="old_password" type="password" autocomplete="current-password" required error={action.error} />
            <Field
              label={t("new_password")}
              name="new_password"
              type="password"
              autocomplete="new-password"
              minLength={10}
              hint={t("password_hint")}
              required
              error={action.error}
            />
            <PasswordErrorNotice error={action.error} />
            <SubmitButton isRunning={action.isRunning}>{t("password_save")}</SubmitButton>
          </Form>
        )}
      </Card>
    </Page>
  );
}

export function ChangeEmail(): JSX.Element {
  const { owner } = useStore(session);
  const { route } = useLocation();
  const action = useAction(async ({ new_email = "", password = "" }: Record<string, string>) => {
    await server.POST("/v1/auth/email/change", { body: { new_email, password } });
    route(`/app/verify?email=${encodeURIComponent(new_email)}`);
  });
  return (
    <Page title={t("email")} back="/app/account">
      <Card>
        <p>{t("email_text", { email: owner?.email ?? "" })}</p>
        <Form send={action.run}>
          <Field label={t("email_new")} name="new_email" type="email" autocomplete="email" required error={action.error} />
          <Field label={t("old_password")} name="password" type="password" autocomplete="current-password" required error={action.error} />
          <PasswordErrorNotice error={action.error} />
          <SubmitButton isRunning={action.isRunning}>{t("email_send")}</SubmitButton>
        </Form>
      </Card>
    </Page>
  );
}
