// A copy of everything that is kept of the owner. Asking for it starts it.
import { secondsToWait } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { Again, useResource } from "../shell/hooks.ts";
import { Card, Loaded, Page } from "../shell/parts.tsx";
import { bytes, dayAndTime } from "../words/format.ts";
import { t } from "./words.ts";

const POLL_SECONDS = 5;
const RENEW_SECONDS = 240; // the link works for some minutes

export function ExportData(): JSX.Element {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <Page title={t("export")} back="/app/account">
      <Card>
        <p>{t("export_text")}</p>
        {isAsked ? (
          <Copy />
        ) : (
          <button type="button" onClick={() => setIsAsked(true)}>
            {t("export_start")}
          </button>
        )}
      </Card>
    </Page>
  );
}

function Copy(): JSX.Element {
  const copy = useResource("export", async () => {
    const { data, response } = await server.GET("/v1/auth/me/export");
    return new Again(data!, response.status === 202 ? (secondsToWait(response) ?? POLL_SECONDS) : RENEW_SECONDS);
  });
  return (
    <div aria-live="polite">
      <Loaded from={copy}>
        {(made) =>
          made.status === "pending" ? (
            <>
              <p>{t("export_building")}</p>
              <progress aria-label={t("export_building")} />
            </>
          ) : (
            <>
              <p>{t("export_ready", { size: bytes(made.byte_size), made: dayAndTime(made.created_at), until: dayAndTime(made.expires_at) })}</p>
              <a class="button" href={made.url} download="" rel="noreferrer">
                {t("export_fetch")}
              </a>
            </>
          )
        }
      </Loaded>
    </div>
  );
}
