// The language of the app on this device, and of what the server writes to its owner.
import type { ComponentChildren, JSX } from "preact";
import { server } from "../api/server.ts";
import { writeSetting } from "../queue/database.ts";
import { deviceDatabase } from "../session/owner.ts";
import { Card, Choice, ErrorNotice } from "../shell/parts.tsx";
import { store, useStore } from "../shell/state.ts";
import { type Locale, locale, LOCALES, setLocale } from "../words/words.ts";
import { t } from "./words.ts";

const LANGUAGES: Record<Locale, string> = { en: "English", de: "Deutsch" };

/** Why the server does not write in the chosen language yet. Kept here: the change renders every screen anew. */
const fault = store<unknown>(undefined);

async function chooseLanguage(next: Locale): Promise<void> {
  await writeSetting(await deviceDatabase(), "locale", next);
  setLocale(next);
  requestAnimationFrame(() => document.querySelector<HTMLElement>('select[name="locale"]')?.focus());
  try {
    await server.PUT("/v1/auth/me/notification-preferences", { body: { locale: next } });
    fault.set(undefined);
  } catch (error) {
    fault.set(error);
  }
}

export function LanguageChoice({ children }: { children?: ComponentChildren }): JSX.Element {
  const error = useStore(fault);
  return (
    <Card title={t("language")}>
      <Choice
        label={t("language_label")}
        name="locale"
        value={locale()}
        options={LOCALES.map((one) => [one, LANGUAGES[one]] as const)}
        onChange={(next) => void chooseLanguage(next)}
      />
      {error !== undefined && <p>{t("language_here_only")}</p>}
      <ErrorNotice error={error} onRetry={() => void chooseLanguage(locale())} />
      {children}
    </Card>
  );
}
