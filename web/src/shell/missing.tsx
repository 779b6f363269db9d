// What an address without a screen shows.
import type { JSX } from "preact";
import { Page } from "./parts.tsx";
import { t } from "./words.ts";

export function Missing(): JSX.Element {
  return (
    <Page title={t("missing")}>
      <p>{t("missing_text")}</p>
      <a class="button" href="/app/">
        {t("home")}
      </a>
    </Page>
  );
}
