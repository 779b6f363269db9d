// What to say where the server asks for a subscription.
import { ApiError } from "@maretech/client";
import type { ComponentChildren, JSX } from "preact";
import type { Resource } from "../../shell/hooks.ts";
import { Loaded, Notice } from "../../shell/parts.tsx";
import { t } from "./words.ts";

export function Paywall(): JSX.Element {
  return (
    <Notice tone="warn">
      <p>{t("paywall")}</p>
      <a class="button" href="/app/corrosion/subscribe">
        {t("subscribe")}
      </a>
    </Notice>
  );
}

/** What was loaded; the offer of a subscription where the server asks for one. */
export function Subscribed<T>({ from, children }: { from: Resource<T>; children: (data: T) => ComponentChildren }): JSX.Element {
  const isRefused = from.error instanceof ApiError && from.error.code === "SUBSCRIPTION_REQUIRED";
  return isRefused ? <Paywall /> : <Loaded from={from}>{children}</Loaded>;
}
