// The inbox: newest first, what is not read yet marked.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, Loaded, Page } from "../shell/parts.tsx";
import { dayAndTime } from "../words/format.ts";
import { hasScreen, openingPath } from "./targets.ts";
import { refreshUnread } from "./unread.ts";
import { t } from "./words.ts";

type Item = Schemas["Notification"];

export function Inbox(): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const inbox = useResource(`notifications ${cursors.join()}`, () => loadPages(cursors));
  const [shown, setShown] = useState<Awaited<ReturnType<typeof loadPages>>>();
  if (inbox.data && inbox.data !== shown) setShown(inbox.data); // the pages so far stay on show while the next one loads
  const read = (): void => {
    inbox.reload();
    void refreshUnread();
  };
  const readAll = useAction(async () => {
    await server.POST("/v1/notifications/read-all");
    read();
  });
  return (
    <Page title={t("title")}>
      <p class="row apart">
        <a class="button quiet" href="/app/notifications/preferences">
          {t("preferences")}
        </a>
        {shown?.results.some((one) => one.read_at === null) && (
          <button type="button" class="quiet" disabled={readAll.isRunning} onClick={() => readAll.run()}>
            {t("read_all")}
          </button>
        )}
      </p>
      <ErrorNotice error={readAll.error} />
      <Card>
        <Loaded from={{ ...inbox, data: shown }}>
          {({ results, next }) => (
            <>
              {results.length === 0 && <p class="muted">{t("empty")}</p>}
              <ul class="inbox">
                {results.map((one) => (
                  <Entry key={one.id} item={one} onRead={read} />
                ))}
              </ul>
              {next && (
                <button type="button" class="quiet" disabled={inbox.isLoading} onClick={() => setCursors([...cursors, next])}>
                  {t("more")}
                </button>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

async function loadPages(cursors: readonly string[]): Promise<{ results: Item[]; next: string | null }> {
  const pages = await Promise.all(["", ...cursors].map(loadPage));
  const next = pages.at(-1)!.next;
  return { results: pages.flatMap((page) => page.results), next: next && new URL(next).searchParams.get("cursor") };
}

function loadPage(cursor: string): Promise<Schemas["NotificationPage"]> {
  return answer(server.GET("/v1/notifications", { params: { query: cursor ? { cursor } : {} } }));
}

/** A link where there is a screen to open; else a button while the notification waits to be read. */
function Entry({ item, onRead }: { item: Item; onRead: () => void }): JSX.Element {
  const read = useAction(async () => {
    await server.POST("/v1/notifications/{notification_id}/read", { params: { path: { notification_id: item.id } } });
    onRead();
  });
  const isNew = item.read_at === null;
  return (
    <li class={isNew ? "unread" : ""}>
      {hasScreen(item.data) ? (
        <a href={openingPath({ notification: item.id, kind: item.kind, data: item.data })}>
          <EntryText item={item} />
        </a>
      ) : (
        <div>
          <EntryText item={item} />
        </div>
      )}
      {isNew && !hasScreen(item.data) && (
        <button type="button" class="quiet" disabled={read.isRunning} aria-label={t("read_one", { title: item.title })} onClick={() => read.run()}>
          {t("read")}
        </button>
      )}
      <ErrorNotice error={read.error} />
    </li>
  );
}

function EntryText({ item }: { item: Item }): JSX.Element {
  return (
    <>
      <span class="title">
        {item.title} {item.read_at === null && <Badge>{t("new")}</Badge>}
      </span>
      <span>{item.body}</span>
      <time class="note" dateTime={item.created_at}>
        {dayAndTime(item.created_at)}
      </time>
    </>
  );
}
