// Who the owner is, and the ways to everything of the account.
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { forgetSubscription } from "../notifications/web-push.ts";
import { useQueue } from "../queue/store.ts";
import { deviceDatabase, session, signOut } from "../session/owner.ts";
import { useAction } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, LinkList, Notice, Page } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { LanguageChoice } from "./language.tsx";
import { t } from "./words.ts";

declare const __APP_VERSION__: string;

const YOURS = ["orders", "dossiers", "appointments", "handovers"] as const;
const SETTINGS = ["security", "password", "email", "consents", "export", "erase"] as const;

export function Overview(): JSX.Element {
  return (
    <Page title={t("title")}>
      <Who />
      <Card title={t("yours")}>
        <LinkList items={YOURS.map((room) => ({ href: `/app/${room}`, title: t(room) }))} />
      </Card>
      <LanguageChoice />
      <Card title={t("settings")}>
        <LinkList
          items={[
            { href: "/app/notifications/preferences", title: t("notifications") },
            ...SETTINGS.map((screen) => ({ href: `/app/account/${screen}`, title: t(screen) })),
          ]}
        />
      </Card>
      <SignOut />
      <div class="gap" />
      <p class="muted">{t("version", { version: __APP_VERSION__ })}</p>
    </Page>
  );
}

function Who(): JSX.Element {
  const { owner } = useStore(session);
  const isVerified = owner?.email_verified ?? false;
  return (
    <Card>
      <p>
        <strong>{owner?.email}</strong> <Badge tone={isVerified ? "good" : "warn"}>{t(isVerified ? "verified" : "unverified")}</Badge>
      </p>
      {!isVerified && <a href="/app/verify">{t("verify")}</a>}
    </Card>
  );
}

function SignOut(): JSX.Element {
  const { route } = useLocation();
  const { photos } = useQueue();
  const [asks, setAsks] = useState(false);
  const waiting = photos.filter((photo) => photo.hasBytes).length;
  const action = useAction(async () => {
    await signOut();
    route("/app/");
    await forgetSubscription(await deviceDatabase());
  });
  if (!asks || waiting === 0) {
    return (
      <>
        <ErrorNotice error={action.error} />
        <button type="button" class="quiet" disabled={action.isRunning} onClick={() => (waiting > 0 ? setAsks(true) : action.run())}>
          {t("sign_out")}
        </button>
      </>
    );
  }
  return (
    <Notice tone="warn">
      <p>{t("sign_out_waiting", { count: waiting })}</p>
      <ErrorNotice error={action.error} />
      <div class="row">
        <button type="button" class="danger" disabled={action.isRunning} onClick={() => action.run()}>
          {t("sign_out_anyway")}
        </button>
        <button type="button" class="quiet" onClick={() => setAsks(false)}>
          {t("stay")}
        </button>
      </div>
    </Notice>
  );
}
