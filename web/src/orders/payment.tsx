// Waiting for a payment: the provider's page in its own tab, and the server's word about it here.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { Again, useResource } from "../shell/hooks.ts";
import { Loaded, Notice } from "../shell/parts.tsx";
import { statusName, t } from "./words.ts";

export type Checkout = Schemas["Checkout"];

const ASK_SECONDS = 2;

/** Shows the session until it is over. `done` is where to go once it is paid. */
export function Payment({ checkout, done }: { checkout: Checkout; done: string }): JSX.Element {
  const session = useResource(`checkout ${checkout.session_id}`, async () => {
    const params = { path: { session_id: checkout.session_id } };
    const now = await answer(server.GET("/v1/checkout/sessions/{session_id}", { params }));
    return now.status === "open" ? new Again(now, ASK_SECONDS) : now;
  });
  return (
    <Loaded from={session}>
      {({ status, url }) =>
        status === "paid" ? (
          <Notice tone="good">
            <p>{t("paid")}</p>
            <a class="button" href={done}>
              {t("go_on")}
            </a>
          </Notice>
        ) : status === "open" ? (
          <Notice>
            <p>{t("waiting")}</p>
            {url && (
              <a class="button" href={url} target="_blank" rel="noopener noreferrer">
                {t("open_page")}
              </a>
            )}
          </Notice>
        ) : (
          <Notice tone="bad">{t("not_paid", { status: statusName(status) })}</Notice>
        )
      }
    </Loaded>
  );
}
