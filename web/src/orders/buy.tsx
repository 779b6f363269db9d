// The confirmation card: what it costs and when it can be cancelled, before the provider's page.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, ErrorNotice, Loaded, Page } from "../shell/parts.tsx";
import { money } from "../words/format.ts";
import { type Checkout, Payment } from "./payment.tsx";
import { productName, t } from "./words.ts";

type Product = Schemas["Product"];

export function Buy({ products, back, done }: { products: readonly string[]; back: string; done: string }): JSX.Element {
  const offers = useResource("products", () => answer(server.GET("/v1/products")));
  const [checkout, setCheckout] = useState<Checkout | null>(null);
  return (
    <Page title={t("buy")} back={back}>
      {checkout ? (
        <Payment checkout={checkout} done={done} />
      ) : (
        <Loaded from={offers}>
          {({ products: all }) => all.filter((one) => products.includes(one.code)).map((one) => <Offer key={one.code} product={one} onOpen={setCheckout} />)}
        </Loaded>
      )}
    </Page>
  );
}

function Offer({ product, onOpen }: { product: Product; onOpen: (checkout: Checkout) => void }): JSX.Element {
  const { code, price, period, policy } = product;
  const [key] = useIntentionKey();
  const open = useAction(async () => {
    const params = { header: { "Idempotency-Key": key } };
    const checkout = await answer(server.POST("/v1/checkout/sessions", { params, body: { product: code as Schemas["CheckoutProductEnum"] } }));
    onOpen(checkout);
  });
  return (
    <Card title={productName(code)}>
      <dl class="facts">
        <dt>{t("price")}</dt>
        <dd>
          {money(price.amount_minor, price.currency)} {period && t(period)}
        </dd>
      </dl>
      {period && <p class="muted">{t("policy_subscription")}</p>}
      {policy.cancel_within_hours > 0 && <p class="muted">{t("policy", { hours: policy.cancel_within_hours })}</p>}
      <p class="muted">{t("pay_text")}</p>
      <ErrorNotice error={open.error} />
      <button type="button" class="main" disabled={open.isRunning} onClick={() => open.run()}>
        {t("pay")}
      </button>
    </Card>
  );
}
