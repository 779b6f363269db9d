// The owner's orders, their history, and cancelling one.
import { answer, type Schemas } from "@maretech/client";
import { Route, Router, useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, LinkList, Loaded, Notice, Page } from "../shell/parts.tsx";
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
  const orders = useResource("orders", () => answer(server.GET("/v1/orders", { params: { query: { page_size: 100 } } })));
  return (
    <Page title={t("title")} back="/app/account">
      <Card>
        <Loaded from={orders}>
          {({ results }) =>
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
        </Loaded>
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
            {one.cancellable && <Cancel isRunning={cancel.isRunning} error={cancel.error} onCancel={() => cancel.run()} />}
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
      {policy.cancel_within_hours > 0 && <p class="muted">{t("policy", { hours: policy.cancel_within_hours })}</p>}
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

function Cancel({ isRunning, error, onCancel }: { isRunning: boolean; error: unknown; onCancel: () => void }): JSX.Element {
  const [asks, setAsks] = useState(false);
  if (!asks) {
    return (
      <button type="button" class="danger" onClick={() => setAsks(true)}>
        {t("cancel")}
      </button>
    );
  }
  return (
    <Notice tone="warn">
      <p>{t("cancel_sure")}</p>
      <ErrorNotice error={error} />
      <div class="row">
        <button type="button" class="danger" disabled={isRunning} onClick={onCancel}>
          {t("yes_cancel")}
        </button>
        <button type="button" class="quiet" onClick={() => setAsks(false)}>
          {t("no_keep")}
        </button>
      </div>
    </Notice>
  );
}
