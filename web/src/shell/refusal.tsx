// A refusal with what to do about it: confirm the address, or try later.
import { ApiError } from "@maretech/client";
import type { JSX } from "preact";
import { dayAndTime } from "../words/format.ts";
import { words } from "../words/words.ts";
import { ErrorNotice, Notice } from "./parts.tsx";

const t = words({
  en: {
    unverified: "Confirm your e-mail address first: we sent you a code.",
    verify: "Enter the code",
    email_changed: "Your e-mail address was changed a short time ago. For safety this is possible again from {time}.",
    day_limit: "That is enough for one day. Try again after {time}.",
  },
  de: {
    unverified: "Bestätigen Sie zuerst Ihre E-Mail-Adresse: Wir haben Ihnen einen Code geschickt.",
    verify: "Code eingeben",
    email_changed: "Ihre E-Mail-Adresse wurde vor Kurzem geändert. Zur Sicherheit geht das erst wieder ab {time}.",
    day_limit: "Das reicht für einen Tag. Versuchen Sie es wieder nach {time}.",
  },
});

const LONG_WAIT_SECONDS = 300; // a limit for a day, not one for a minute

interface Refused {
  error: unknown;
  /** The room's own words for a reason or a code of the server. */
  room?: (reason: string) => string | undefined;
}

export function Refusal({ error, room }: Refused): JSX.Element | null {
  if (!(error instanceof ApiError)) return <ErrorNotice error={error} />;
  const { reason, code } = error;
  if (reason === "EMAIL_UNVERIFIED") {
    return (
      <Notice tone="bad">
        <p>{t("unverified")}</p>
        <a href="/app/verify">{t("verify")}</a>
      </Notice>
    );
  }
  const text = (reason && wordsOfWait(error)) || (reason && room?.(reason)) || room?.(code) || wordsOfWait(error);
  return text ? <Notice tone="bad">{text}</Notice> : <ErrorNotice error={error} />;
}

/** When it is possible again, if the server named a time that is not just now. */
function wordsOfWait({ reason, body, status, retryAfter }: ApiError): string | undefined {
  const at = (body as { available_at?: string }).available_at;
  if (reason === "EMAIL_CHANGED" && at) return t("email_changed", { time: dayAndTime(at) });
  if (status !== 429 || retryAfter === null || retryAfter < LONG_WAIT_SECONDS) return undefined;
  return t("day_limit", { time: dayAndTime(new Date(Date.now() + retryAfter * 1000).toISOString()) });
}
