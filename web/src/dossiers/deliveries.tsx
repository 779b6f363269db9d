// Sending a final dossier by e-mail or by post, and what became of it.
import { answer, type Schemas } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { Again, useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Badge, Card, Choice, Field, Form, LinkList, Loaded, Notice, SubmitButton, type Tone } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day, money } from "../words/format.ts";
import { countries, type Country } from "./countries.ts";
import type { Dossier } from "./dossier.tsx";
import { reasonName, refusalOf, t } from "./words.ts";

export type Delivery = Schemas["Delivery"];

const ASK_SECONDS = 5;
const PRODUCT = "dossier_by_post";
const TONES: Record<Delivery["status"], Tone> = {
  created: "calm",
  paid: "calm",
  submitted: "calm",
  in_transit: "calm",
  delivered: "good",
  returned: "bad",
  failed: "bad",
  expired: "warn",
};

export function Deliveries({ dossier }: { dossier: Dossier }): JSX.Element {
  const id = dossier.dossier_id;
  const deliveries = useResource(`deliveries ${id}`, () => loadDeliveries(id));
  const isFinal = dossier.status === "final";
  return (
    <>
      {isFinal && <MailForm dossierId={id} onSent={deliveries.reload} />}
      {isFinal && <LetterForm dossierId={id} />}
      <Card title={t("deliveries")}>
        <Loaded from={deliveries}>
          {(all) =>
            all.length === 0 ? (
              <p class="muted">{t("no_delivery")}</p>
            ) : (
              <>
                <LinkList items={all.filter((one) => one.channel === "post").map((one) => ({ href: letterPath(id, one), title: recipientOf(one), note: <State delivery={one} /> }))} />
                <ul class="entries">
                  {all
                    .filter((one) => one.channel === "email")
                    .map((one) => (
                      <li key={one.delivery_id}>
                        <p>{recipientOf(one)}</p>
                        <p class="muted">
                          {day(one.created_at)} <State delivery={one} />
                        </p>
                        {one.reason && <p class="muted">{t("why", { reason: reasonName(one.reason) })}</p>}
                      </li>
                    ))}
                </ul>
              </>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

/** Asks again while one is on its way to a mail server or a printer; what the post does takes days. */
export async function loadDeliveries(dossierId: string): Promise<Delivery[] | Again<Delivery[]>> {
  const params = { path: { dossier_id: dossierId }, query: { page_size: 100 } };
  const { results } = await answer(server.GET("/v1/dossiers/{dossier_id}/deliveries", { params }));
  const isMoving = results.some(({ channel, status }) => status === "paid" || (status === "created" && channel === "email"));
  return isMoving ? new Again(results, ASK_SECONDS) : results;
}

export function letterPath(dossierId: string, { delivery_id }: Pick<Delivery, "delivery_id">): string {
  return `/app/dossiers/${dossierId}/letters/${delivery_id}`;
}

export function State({ delivery: { channel, status } }: { delivery: Delivery }): JSX.Element {
  const key = channel === "post" && status === "created" ? "d_unpaid" : channel === "email" && status === "delivered" ? "d_opened" : (`d_${status}` as const);
  return <Badge tone={TONES[status]}>{t(key)}</Badge>;
}

function recipientOf({ channel, to }: Delivery): string {
  if (channel === "email") return t("mail_of", { address: to });
  return to ? t("letter_to", { name: to }) : t("letter_gone");
}

function MailForm({ dossierId, onSent }: { dossierId: string; onSent: () => void }): JSX.Element {
  const [key, takeNewKey] = useIntentionKey();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [to, setTo] = useState("");
  const send = useAction(async () => {
    const params = { path: { dossier_id: dossierId }, header: { "Idempotency-Key": key } };
    await server.POST("/v1/dossiers/{dossier_id}/deliveries", { params, body: { channel: "email", to } });
    takeNewKey();
    setSentTo(to);
    setTo("");
    onSent();
  });
  return (
    <Card title={t("by_mail")}>
      <p class="muted">{t("by_mail_text")}</p>
      <Form send={() => send.run()}>
        <Field
          label={t("mail_to")}
          name="to"
          type="email"
          autocomplete="off"
          required
          value={to}
          onInput={(event) => {
            setTo(event.currentTarget.value);
            takeNewKey();
          }}
          error={send.error}
        />
        <Refusal error={send.error} room={refusalOf} />
        {sentTo !== null && to === "" && <Notice tone="good">{t("mail_sent")}</Notice>}
        <SubmitButton isRunning={send.isRunning}>{t("send_mail")}</SubmitButton>
      </Form>
    </Card>
  );
}

/** Hidden where no letter is sold. */
function LetterForm({ dossierId }: { dossierId: string }): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const price = useLetterPrice();
  return (
    <Loaded from={price}>
      {(amount) =>
        amount !== null && (
          <Card title={t("by_post")}>
            <p class="muted">{t("by_post_text", { price: amount })}</p>
            {isOpen ? (
              <AddressForm dossierId={dossierId} />
            ) : (
              <button type="button" class="quiet" onClick={() => setIsOpen(true)}>
                {t("write_letter")}
              </button>
            )}
          </Card>
        )
      }
    </Loaded>
  );
}

export function useLetterPrice(): ReturnType<typeof useResource<string | null>> {
  return useResource("letter price", async () => {
    const { products } = await answer(server.GET("/v1/products"));
    const price = products.find((one) => one.code === PRODUCT)?.price;
    return price ? money(price.amount_minor, price.currency) : null;
  });
}

function AddressForm({ dossierId }: { dossierId: string }): JSX.Element {
  const { route } = useLocation();
  const [key, takeNewKey] = useIntentionKey();
  const [country, setCountry] = useState<Country>("US");
  const write = useAction(async (fields: Record<string, string>) => {
    const { name = "", street = "", second = "", postal_code = "", city = "", state = "" } = fields;
    const lines = [street, second].filter((line) => line.trim() !== "");
    const to = { name, lines, postal_code, city, country, ...(country === "US" ? { state } : {}) };
    const params = { path: { dossier_id: dossierId }, header: { "Idempotency-Key": key } };
    const made = await answer(server.POST("/v1/dossiers/{dossier_id}/deliveries", { params, body: { channel: "post", to } }));
    route(letterPath(dossierId, made));
  });
  const { error } = write;
  return (
    // Another address is another letter: the key belongs to one body.
    <div onInput={takeNewKey}>
      <Form send={write.run}>
        <Field label={t("name")} name="name" maxLength={40} required autocomplete="off" error={error} />
        <Field label={t("street")} name="street" maxLength={50} required autocomplete="off" error={error} />
        <Field label={t("second_line")} name="second" maxLength={50} autocomplete="off" error={error} />
        <Field label={t("postal_code")} name="postal_code" maxLength={20} required autocomplete="off" error={error} />
        <Field label={t("city")} name="city" maxLength={60} required autocomplete="off" error={error} />
        <Choice label={t("country")} name="country" value={country} options={countries()} onChange={setCountry} />
        {country === "US" && <Field label={t("us_state")} name="state" maxLength={2} minLength={2} pattern="[A-Za-z]{2}" required autocomplete="off" error={error} />}
        <Refusal error={error} room={refusalOf} />
        <SubmitButton isRunning={write.isRunning}>{t("go_on_to_pay")}</SubmitButton>
      </Form>
    </div>
  );
}
