// Both languages say everything, with the same values, and neither product speaks of the other.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { words } from "../src/words/words.ts";

const SOURCES = join(import.meta.dirname, "../src");
const TEXTS = /words(?:<[^>]*>)?\(\{\s*en: \{(?<en>.*?)\n\s*\},\s*de: \{(?<de>.*?)\n\s*\},?\s*\}/s;
const ENTRY = /(\w+):\s*"((?:[^"\\]|\\.)*)"/g;

interface Texts {
  file: string;
  en: Map<string, string>;
  de: Map<string, string>;
}

function texts(): Texts[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  return files.flatMap((file) => {
    const found = TEXTS.exec(readFileSync(join(SOURCES, file), "utf8"))?.groups;
    if (!found) return [];
    const entries = (part: string): Map<string, string> => new Map([...part.matchAll(ENTRY)].map(([, key, text]) => [key!, text!]));
    return [{ file, en: entries(found.en!), de: entries(found.de!) }];
  });
}

function values(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].filter((name) => name !== "count").sort();
}

test("every room has its words in both languages, with the same values", () => {
  const rooms = texts();
  assert.ok(rooms.length >= 8);
  for (const { file, en, de } of rooms) {
    assert.deepEqual([...de.keys()].sort(), [...en.keys()].sort(), file);
    for (const [key, text] of en) {
      assert.deepEqual(values(de.get(key)!), values(text), `${file}: ${key}`);
      assert.equal(de.get(key)!.includes("|"), text.includes("|"), `${file}: ${key}`);
    }
  }
});

const OF_A_PRODUCT = { osmosis: /osmos|blister|blase|gelcoat|gfk|fibreglass|kranen|lift-out/i, corrosion: /corro|korro|rust|rost\b|metal|plate\b|platte|zeitleiste|timeline/i };

test("neither product speaks of the other", () => {
  for (const { file, en, de } of texts()) {
    const other = file.includes("modes/osmosis") ? OF_A_PRODUCT.corrosion : file.includes("modes/corrosion") ? OF_A_PRODUCT.osmosis : null;
    if (other) for (const text of [...en.values(), ...de.values()]) assert.doesNotMatch(text, other, file);
  }
});

test("a text chooses by count and fills its values", () => {
  const t = words({ en: { photos: "1 photo, {size}|{count} photos, {size}" }, de: { photos: "1 Foto, {size}|{count} Fotos, {size}" } });
  assert.equal(t("photos", { count: 1, size: "2 MB" }), "1 photo, 2 MB");
  assert.equal(t("photos", { count: 3, size: "2 MB" }), "3 photos, 2 MB");
});
