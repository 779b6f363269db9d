// Countries of a letter, named in the owner's language. The server decides which of them it posts to.
import { locale } from "../words/words.ts";

const COUNTRIES = ["US", "CA", "GB", "IE", "DE", "AT", "CH", "NL", "BE", "FR", "ES", "PT", "IT", "MT", "GR", "HR", "SI", "TR", "DK", "SE", "NO", "FI", "EE", "LV", "LT", "PL", "AU", "NZ"] as const;

export type Country = (typeof COUNTRIES)[number];

export function countries(): (readonly [Country, string])[] {
  const names = new Intl.DisplayNames(locale(), { type: "region" });
  const named = COUNTRIES.map((code) => [code, names.of(code) ?? code] as const);
  return named.sort(([, one], [, other]) => one.localeCompare(other, locale()));
}
