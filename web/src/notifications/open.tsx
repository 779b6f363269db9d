// Opens what a notification is about. A push leads here too.
import { answer } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { server } from "../api/server.ts";
import { useResource } from "../shell/hooks.ts";
import { Loaded, Page } from "../shell/parts.tsx";
import { type Ids, pathOf } from "./targets.ts";
import { refreshUnread } from "./unread.ts";
import { t } from "./words.ts";

export function OpenNotification(): JSX.Element {
  const { query, route } = useLocation();
  const target = useResource(`open ${JSON.stringify(query)}`, async () => {
    const [path] = await Promise.all([findPath(query), markRead(query)]);
    return path;
  });
  const path = target.data;
  useEffect(() => {
    if (path) route(path, true);
  }, [path, route]);
  return (
    <Page title={t(target.error === undefined ? "opening" : "title")} back="/app/notifications">
      <Loaded from={target}>{() => null}</Loaded>
    </Page>
  );
}

async function findPath(ids: Ids): Promise<string> {
  const path = pathOf(ids);
  if (path || !ids.inspection_id) return path ?? "/app/notifications";
  const params = { path: { inspection_id: ids.inspection_id } };
  const { mode, inspection_id } = await answer(server.GET("/v1/inspections/{inspection_id}", { params }));
  return `/app/${mode}/inspections/${inspection_id}`;
}

/** Mark the notification as read. That it could not be marked must not keep the owner from what it is about. */
async function markRead({ notification, kind, ...ids }: Ids): Promise<void> {
  try {
    const found = notification ? [notification] : await findUnread(kind ?? "", ids);
    await Promise.all(
      found.map((id) => server.POST("/v1/notifications/{notification_id}/read", { params: { path: { notification_id: id } } })),
    );
    void refreshUnread();
  } catch {
    // it stays marked as new
  }
}

/** Return the unread notifications of this kind about the same: a push carries no id of its notification. */
async function findUnread(kind: string, ids: Ids): Promise<string[]> {
  const query = { unread: true, page_size: 100 };
  const { results } = await answer(server.GET("/v1/notifications", { params: { query } }));
  return results.filter((one) => one.kind === kind && Object.entries(one.data).every(([name, id]) => ids[name] === id)).map((one) => one.id);
}
