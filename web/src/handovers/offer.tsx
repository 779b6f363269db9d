// Offering a boat: what goes with it, what stays, to whom, and for how much.
import { answer } from "@maretech/client";
import { useLocation, useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, Field, Form, Loaded, Page, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { refusalOf, t } from "./words.ts";

const MOST_CREDITS = 1000;

interface Terms {
  to_email: string;
  credits: number;
}

export function Offer(): JSX.Element {
  const id = useRoute().params.vessel!;
  const vessel = useResource(`vessel ${id}`, () => answer(server.GET("/v1/vessels/{vessel_id}", { params: { path: { vessel_id: id } } })));
  const boat = vessel.data?.name || t("unnamed");
  return (
    <Page title={t("offer_title", { boat })} back={`/app/vessels/${id}`}>
      <Loaded from={vessel}>
        {() => (
          <>
            <Conditions />
            <Send vesselId={id} boat={boat} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Conditions(): JSX.Element {
  return (
    <>
      <Card title={t("moves")}>
        <ul>
          <li>{t("moves_1")}</li>
          <li>{t("moves_2")}</li>
        </ul>
      </Card>
      <Card title={t("stays")}>
        <ul>
          <li>{t("stays_1")}</li>
          <li>{t("stays_2")}</li>
          <li>{t("stays_3")}</li>
        </ul>
        <p>{t("ends")}</p>
        <p>{t("locked")}</p>
      </Card>
    </>
  );
}

function Send({ vesselId, boat }: { vesselId: string; boat: string }): JSX.Element {
  const [terms, setTerms] = useState<Terms>({ to_email: "", credits: 0 });
  const [asks, setAsks] = useState(false);
  return (
    <Card>
      {asks ? (
        <Sure vesselId={vesselId} boat={boat} terms={terms} onChange={() => setAsks(false)} />
      ) : (
        <Form
          send={({ to_email = "", credits = "" }) => {
            setTerms({ to_email, credits: Number(credits) });
            setAsks(true);
          }}
        >
          <Field label={t("to_email")} name="to_email" type="email" autocomplete="off" required hint={t("to_email_hint")} defaultValue={terms.to_email} />
          <Field
            label={t("credits")}
            name="credits"
            type="number"
            inputMode="numeric"
            min={0}
            max={MOST_CREDITS}
            step={1}
            required
            hint={t("credits_hint")}
            defaultValue={terms.credits}
          />
          <SubmitButton isRunning={false}>{t("check")}</SubmitButton>
        </Form>
      )}
    </Card>
  );
}

/** Other terms are another offer, with its own key and its own refusal. */
function Sure({ vesselId, boat, terms, onChange }: { vesselId: string; boat: string; terms: Terms; onChange: () => void }): JSX.Element {
  const { route } = useLocation();
  const [key] = useIntentionKey();
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => question.current?.focus(), []);
  const offer = useAction(async () => {
    const params = { path: { vessel_id: vesselId }, header: { "Idempotency-Key": key } };
    const made = await answer(server.POST("/v1/vessels/{vessel_id}/handovers", { params, body: terms }));
    route(`/app/handovers/${made.handover_id}`, true);
  });
  const { to_email: email, credits } = terms;
  return (
    <div class="notice warn" role="group" aria-label={t("check")} tabIndex={-1} ref={question}>
      <p>{credits > 0 ? t("sure_credits", { boat, email, count: credits }) : t("sure", { boat, email })}</p>
      <Refusal error={offer.error} room={refusalOf} />
      <div class="row">
        <button type="button" disabled={offer.isRunning} onClick={() => offer.run()}>
          {t("yes_offer")}
        </button>
        <button type="button" class="quiet" onClick={onChange}>
          {t("no_offer")}
        </button>
      </div>
    </div>
  );
}
