// The documents that the owner agrees to, and whether that has happened.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { type Resource, useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, Loaded, Page } from "../shell/parts.tsx";
import { day } from "../words/format.ts";
import { t } from "./words.ts";

type Me = Schemas["Me"];
type Name = Schemas["DocumentEnum"];

export function Consents(): JSX.Element {
  const me = useResource("me", () => answer(server.GET("/v1/auth/me")));
  return (
    <Page title={t("consents")} back="/app/account">
      <Document name="disclaimer" me={me} load={() => answer(server.GET("/v1/documents/disclaimer"))} />
      <Document name="statement_sending" me={me} load={() => answer(server.GET("/v1/documents/statement-sending"))} />
    </Page>
  );
}

function Document({ name, me, load }: { name: Name; me: Resource<Me>; load: () => Promise<Schemas["Document"]> }): JSX.Element {
  const document = useResource(name, load);
  return (
    <Card title={t(name)}>
      <Loaded from={document}>
        {({ text, version }) => (
          <>
            {t("in_english") && <p class="muted">{t("in_english")}</p>}
            <p lang="en">{text}</p>
            <Loaded from={me}>{({ consents }) => <Consent name={name} version={version} given={consents.filter((one) => one.document === name)} onAgree={me.reload} />}</Loaded>
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Consent({ name, version, given, onAgree }: { name: Name; version: string; given: Me["consents"]; onAgree: () => void }): JSX.Element {
  const [key] = useIntentionKey();
  const agree = useAction(async () => {
    const body = { document: name, version: version as Schemas["DocumentVersionEnum"] };
    await server.POST("/v1/auth/me/consents", { params: { header: { "Idempotency-Key": key } }, body });
    onAgree();
  });
  const consent = given.find((one) => one.version === version);
  if (consent) return <Badge tone="good">{t("agreed", { date: day(consent.given_at) })}</Badge>;
  return (
    <>
      <p class="muted">{t(given.length > 0 ? "agreed_earlier" : "not_agreed")}</p>
      <ErrorNotice error={agree.error} />
      <button type="button" disabled={agree.isRunning} onClick={() => agree.run()}>
        {t("agree")}
      </button>
    </>
  );
}
