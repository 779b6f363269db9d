// The owner's orders, their history, and cancelling one.
import { answer, type Schemas } from "@maretech/client";
import { Route, Router, useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction, useResource } from "../shell/hooks.ts";
import { Pages } from "../shell/pages.tsx";
import { Badge, Card, ErrorNotice, LinkList, Loaded, Page } from "../shell/parts.tsx";
import { day, dayAndTime, money } from "../words/format.ts";
import { productName, statusName, t } from "./words.ts";

type Order = Schemas["Order"];

export default function Orders(): JSX.Element {
  return (
    <Router>
      <Route path="/:order" component={OrderScreen} />
      <Route default component={OrderList} />
    </Router>
  );
}

function OrderList(): JSX.Element {
  return (
    <Page title={t("title")} back="/app/account">
      <Card>
        <Pages name="orders" load={(query) => answer(server.GET("/v1/orders", { params: { query } }))}>
          {(results) =>
            results.length === 0 ? (
              <p class="muted">{t("empty")}</p>
            ) : (
              <LinkList
                items={results.map((order) => ({
                  href: `/app/orders/${order.order_id}`,
                  title: productName(order.product),
                  note: `${day(order.created_at)} · ${statusName(order.status)}`,
                }))}
              />
            )
          }
        </Pages>
      </Card>
    </Page>
  );
}

function OrderScreen(): JSX.Element {
  const id = useRoute().params.order!;
  const params = { path: { order_id: id } };
  const order = useResource(`order ${id}`, () => answer(server.GET("/v1/orders/{order_id}", { params })));
  const cancel = useAction(async () => {
    await server.POST("/v1/orders/{order_id}/cancel", { params });
    order.reload();
  });
  return (
    <Page title={order.data ? productName(order.data.product) : t("title")} back="/app/orders">
      <Loaded from={order}>
        {(one) => (
          <>
            <OrderFacts order={one} />
            {one.cancellable && (
              <AskFirst label={t("cancel")} yes={t("yes_cancel")} no={t("no_keep")} isRunning={cancel.isRunning} onYes={() => cancel.run()}>
                <p>{t("cancel_sure")}</p>
                <ErrorNotice error={cancel.error} />
              </AskFirst>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function OrderFacts({ order }: { order: Order }): JSX.Element {
  const { price, policy } = order;
  return (
    <Card title={t("order", { date: day(order.created_at) })}>
      <p>
        <Badge>{statusName(order.status)}</Badge> {order.is_test && <Badge tone="warn">{t("test")}</Badge>}
      </p>
      <dl class="facts">
        <dt>{t("price")}</dt>
        <dd>{money(price.amount_minor, price.currency)}</dd>
      </dl>
      {order.cancellable && <p class="muted">{t("policy", { hours: policy.cancel_within_hours })}</p>}
      <h3>{t("history")}</h3>
      <ol>
        {order.history.map((event) => (
          <li key={event.at + event.status}>
            {dayAndTime(event.at)}: {statusName(event.status)}
          </li>
        ))}
      </ol>
    </Card>
  );
}
