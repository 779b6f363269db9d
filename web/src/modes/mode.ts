// What one product brings to the screens that both share: its own words, and nothing of the other.
import type { Mode } from "@maretech/client";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Words } from "../words/words.ts";

export type ModeKey =
  | "title"
  | "tagline"
  | "start"
  | "empty"
  | "yes"
  | "no"
  | "inconclusive"
  | "monitor"
  | "recheck_later"
  | "consider_professional_survey"
  | "wide"
  | "mid"
  | "close"
  | "wide_hint"
  | "mid_hint"
  | "close_hint";

export interface ModeProps {
  mode: Mode;
  words: Words<ModeKey>;
  /** The hulls that this product is for, in the order of the form. */
  hulls: readonly string[];
}

export const ModeContext = createContext<ModeProps | null>(null);

export function useMode(): ModeProps & { path: string } {
  const mode = useContext(ModeContext);
  if (!mode) throw new Error("This screen belongs to a product.");
  return { ...mode, path: `/app/${mode.mode}` };
}
