// How many notifications wait to be read; followed while the app is shown.
import { answer } from "@maretech/client";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { server } from "../api/server.ts";
import { deviceDatabase, session } from "../session/owner.ts";
import { store, useStore } from "../shell/state.ts";
import { keepSubscribed } from "./web-push.ts";

const MOST = 9; // the badge of a tab has room for one digit

const unread = store(0);

/** Ask again how many wait. Without an answer the last number stays. */
export async function refreshUnread(): Promise<void> {
  const query = { unread: true, page_size: MOST + 1 };
  const page = await answer(server.GET("/v1/notifications", { params: { query } })).catch(() => null);
  if (page) unread.set(page.results.length);
}

/** What the service worker says to the open app: a push came, or the owner chose one. */
export type WorkerMessage = { pushed: true } | { open: string };

/** The number for the badge, empty if nothing waits. Also keeps this device subscribed, and opens what was clicked. */
export function useUnreadCount(): string {
  const count = useStore(unread);
  const { owner, isConfirmed } = useStore(session);
  const { route } = useLocation();
  const ownerId = isConfirmed ? owner?.id : undefined;
  useEffect(() => {
    if (!ownerId) return;
    void refreshUnread();
    void deviceDatabase().then((database) => keepSubscribed(database, ownerId));
    const onShow = (): void => {
      if (document.visibilityState === "visible") void refreshUnread();
    };
    document.addEventListener("visibilitychange", onShow);
    return () => {
      document.removeEventListener("visibilitychange", onShow);
      unread.set(0);
    };
  }, [ownerId]);
  useEffect(() => {
    const onMessage = ({ data }: MessageEvent<WorkerMessage>): void => {
      if ("pushed" in data) void refreshUnread();
      if ("open" in data) route(data.open);
    };
    navigator.serviceWorker?.addEventListener("message", onMessage);
    return () => navigator.serviceWorker?.removeEventListener("message", onMessage);
  }, [route]);
  return count > MOST ? `${MOST}+` : count > 0 ? String(count) : "";
}
