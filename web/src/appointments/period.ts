import { locale } from "../words/words.ts";

/** From when to when, with what both have in common said once. */
export function period(starts: string, ends: string): string {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" });
  return format.formatRange(new Date(starts), new Date(ends));
}
