// Deleting the account: what happens, and a confirmation that cannot be given by accident.
import { answer } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { forgetSubscription } from "../notifications/web-push.ts";
import { discardVisit } from "../queue/visits.ts";
import { deviceDatabase, session, signOut } from "../session/owner.ts";
import { useAction } from "../shell/hooks.ts";
import { Card, Field, Form, Page } from "../shell/parts.tsx";
import { PasswordErrorNotice } from "./credentials.tsx";
import { t } from "./words.ts";

const CONSEQUENCES = ["erase_signed_out", "erase_data", "erase_money", "erase_books", "erase_handed"] as const;

export function EraseAccount(): JSX.Element {
  const { route } = useLocation();
  const action = useAction(async ({ password = "" }: Record<string, string>) => {
    const { receipt_id } = await answer(server.POST("/v1/auth/me/erasure", { body: { password } }));
    await forgetOwner(session.get().owner?.id);
    await signOut();
    route(`/app/?erased=${receipt_id}`);
  });
  return (
    <Page title={t("erase")} back="/app/account">
      <Card title={t("erase_what")} tone="warn">
        <ul>
          {CONSEQUENCES.map((one) => (
            <li key={one}>{t(one)}</li>
          ))}
        </ul>
        <a href="/app/account/export">{t("erase_export")}</a>
      </Card>
      <Card>
        <Form send={action.run}>
          <Field label={t("old_password")} name="password" type="password" autocomplete="current-password" required error={action.error} />
          <label class="switch">
            <input type="checkbox" name="final" required />
            <span>{t("erase_final")}</span>
          </label>
          <PasswordErrorNotice error={action.error} />
          <div class="gap" />
          <div class="row">
            <button type="submit" class="danger" disabled={action.isRunning} aria-busy={action.isRunning}>
              {t("erase_now")}
            </button>
            <a class="button quiet" href="/app/account">
              {t("keep")}
            </a>
          </div>
        </Form>
      </Card>
    </Page>
  );
}

/** Delete what this device keeps of an owner whose account is gone: nothing of it can be sent any more. */
async function forgetOwner(ownerId: string | undefined): Promise<void> {
  const database = await deviceDatabase();
  const visits = (await database.getAll("visits")).filter((visit) => visit.ownerId === ownerId);
  for (const visit of visits) await discardVisit(database, visit.id);
  await forgetSubscription(database);
}
