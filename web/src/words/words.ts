// The words of the screens. Each room has its own texts, English and German side by side.
import { type Store, store } from "../shell/state.ts";

export type Locale = "en" | "de";
export const LOCALES: readonly Locale[] = ["en", "de"];

/** The language of every text. The app is rendered anew when it changes. */
export const currentLocale: Store<Locale> = store<Locale>("en");

export function setLocale(locale: Locale): void {
  document.documentElement.lang = locale;
  currentLocale.set(locale);
}

export function locale(): Locale {
  return currentLocale.get();
}

/** Return the language to start with: the one chosen on this device, else the browser's if we have it. */
export function preferredLocale(chosen: string | null): Locale {
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return LOCALES.find((one) => one === wanted.find((tag) => LOCALES.some((known) => known === tag))) ?? "en";
}

export type Values = Record<string, string | number>;
export type Words<Key extends string> = (key: Key, values?: Values) => string;

/** Return the texts of a room. `{name}` is replaced by a value; `one photo|{count} photos` chooses by `count`. */
export function words<Key extends string>(texts: Record<Locale, Record<Key, string>>): Words<Key> {
  return (key, values = {}) => fill(texts[locale()][key], values);
}

function fill(text: string, values: Values): string {
  const [one, many] = text.split("|");
  const chosen = many === undefined || values.count === 1 ? one! : many;
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
