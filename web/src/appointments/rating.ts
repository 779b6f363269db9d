import type { Schemas } from "@maretech/client";
import { locale } from "../words/words.ts";
import { t } from "./words.ts";

export function rating({ rating: mean, rating_count: count }: Schemas["Surveyor"]): string {
  if (mean === null) return t("no_rating");
  return t("rating", { rating: new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(mean), count });
}
