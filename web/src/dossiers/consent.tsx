// Nothing of a statement leaves our servers before the owner read what that means, and agreed.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Card, Loaded } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day } from "../words/format.ts";
import { t } from "./words.ts";

const DOCUMENT = "statement_sending";

export function Consent(): JSX.Element {
  const asked = useResource("statement sending", async () => {
    const [shown, me] = await Promise.all([answer(server.GET("/v1/documents/statement-sending")), answer(server.GET("/v1/auth/me"))]);
    // An agreement to an earlier text does not count for this one.
    const given = me.consents.find((one) => one.document === DOCUMENT && one.version === shown.version);
    return { shown, given };
  });
  return (
    <Card title={t("sending_title")}>
      <Loaded from={asked}>
        {({ shown, given }) =>
          given ? (
            <>
              <p>{t("sending_agreed", { date: day(given.given_at) })}</p>
              <details>
                <summary>{t("sending_read")}</summary>
                <p lang="en">{shown.text}</p>
              </details>
            </>
          ) : (
            <Offer version={shown.version} text={shown.text} onGiven={asked.reload} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Offer({ version, text, onGiven }: { version: string; text: string; onGiven: () => void }): JSX.Element {
  const [isRead, setIsRead] = useState(false);
  const agree = useAction(async () => {
    await server.POST("/v1/auth/me/consents", { body: { document: DOCUMENT, version: version as "1" } });
    onGiven();
  });
  return (
    <>
      <p>{t("sending_own")}</p>
      {isRead ? (
        <>
          <p lang="en">{text}</p>
          <Refusal error={agree.error} />
          <button type="button" class="quiet" disabled={agree.isRunning} onClick={() => agree.run()}>
            {t("sending_agree")}
          </button>
        </>
      ) : (
        <button type="button" class="quiet" onClick={() => setIsRead(true)}>
          {t("sending_read")}
        </button>
      )}
    </>
  );
}
