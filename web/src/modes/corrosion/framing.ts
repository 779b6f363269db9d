// What to do when a photo is framed differently from the last visit's.
import type { Photo } from "../../queue/records.ts";
import { t } from "./words.ts";

// Smaller differences are those of a steady hand.
const SHIFT = 0.08;
const NEARER = 0.9;
const FARTHER = 1.1;
const DEGREES = 6;

/** What to do so that a photo can be compared with the last visit's: section 7 of the contract, "Framing". */
export function framingAdvice({ warnings, framing, state }: Pick<Photo, "warnings" | "framing" | "state">): string | null {
  if (!warnings.includes("framed_differently")) return framing && state === "ready" ? t("frame_ok") : null;
  if (!framing) return t("another_place");
  const { shift_x: x, shift_y: y, scale, rotation_deg: turned } = framing;
  const advice = [
    x > SHIFT && t("turn_right"),
    x < -SHIFT && t("turn_left"),
    y < -SHIFT && t("turn_up"),
    y > SHIFT && t("turn_down"),
    scale < NEARER && t("closer"),
    scale > FARTHER && t("farther"),
    Math.abs(turned) > DEGREES && t("straighten"),
  ].filter(Boolean);
  return advice.length > 0 ? t("frame_differently", { advice: advice.join(", ") }) : t("another_place");
}
