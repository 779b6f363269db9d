// One letter: what it costs, paying for it, and where it is.
import { answer } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { type Checkout, Payment } from "../orders/payment.tsx";
import { PayButton } from "../session/step-up.tsx";
import { Again, useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, Loaded, Notice, Page } from "../shell/parts.tsx";
import { dayAndTime } from "../words/format.ts";
import { type Delivery, loadDeliveries, State, useLetterPrice } from "./deliveries.tsx";
import { reasonName, refusalOf, t } from "./words.ts";

const ASK_SECONDS = 3;

export function LetterScreen(): JSX.Element {
  const { dossier, letter } = useRoute().params as { dossier: string; letter: string };
  const [checkout, setCheckout] = useState<Checkout | null>(null);
  const resource = useResource(`letter ${letter}`, () => loadLetter(dossier, letter));
  return (
    <Page title={t("letter")} back={`/app/dossiers/${dossier}`}>
      <Loaded from={resource}>
        {(one) =>
          one === null ? (
            <Notice tone="bad">{t("letter_gone")}</Notice>
          ) : (
            <>
              <Facts letter={one} />
              {checkout ? (
                <Payment checkout={checkout} done={`/app/dossiers/${dossier}`} />
              ) : (
                one.status === "created" && <Pay letter={one} onOpen={setCheckout} />
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** A letter is read from the list: there is no call for one. Asks again until it is paid and printed. */
async function loadLetter(dossierId: string, letterId: string): Promise<Delivery | null | Again<Delivery | null>> {
  const loaded = await loadDeliveries(dossierId);
  const all = loaded instanceof Again ? loaded.data : loaded;
  const letter = all.find((one) => one.delivery_id === letterId) ?? null;
  return letter?.status === "created" || letter?.status === "paid" ? new Again(letter, ASK_SECONDS) : letter;
}

function Facts({ letter }: { letter: Delivery }): JSX.Element {
  const { to, reason, status, created_at: created, submitted_at: submitted, ended_at: ended } = letter;
  return (
    <Card title={to ? t("letter_to", { name: to }) : t("letter_gone")}>
      {!to && <p class="muted">{t("address_deleted")}</p>}
      <p>
        <State delivery={letter} />
      </p>
      {reason && <p>{t("why", { reason: reasonName(reason) })}</p>}
      {status === "failed" && <p>{t("refunded")}</p>}
      <dl class="facts">
        <dt>{t("created")}</dt>
        <dd>{dayAndTime(created)}</dd>
        {submitted && (
          <>
            <dt>{t("sent_at")}</dt>
            <dd>{dayAndTime(submitted)}</dd>
          </>
        )}
        {ended && (
          <>
            <dt>{t("ended_at")}</dt>
            <dd>{dayAndTime(ended)}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function Pay({ letter, onOpen }: { letter: Delivery; onOpen: (checkout: Checkout) => void }): JSX.Element {
  const price = useLetterPrice();
  const [key] = useIntentionKey();
  const pay = useAction(async () => {
    const params = { path: { delivery_id: letter.delivery_id }, header: { "Idempotency-Key": key } };
    onOpen(await answer(server.POST("/v1/deliveries/{delivery_id}/checkout", { params })));
  });
  return (
    <Card>
      <dl class="facts">
        <dt>{t("price")}</dt>
        <dd>{price.data}</dd>
      </dl>
      <p class="muted">{t("letter_policy")}</p>
      <p class="muted">{t("unpaid")}</p>
      <p class="muted">{t("pay_text")}</p>
      <PayButton pay={pay} label={t("pay")} room={refusalOf} />
    </Card>
  );
}
