// The trend of one place as a badge, or why there is none.
import type { Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { Badge, type Tone } from "../../shell/parts.tsx";
import { t, wordsOfReasons } from "./words.ts";

type Trend = Schemas["TrendEnum"];

const TONES: Record<Trend, Tone> = { improving: "good", stable: "calm", worsening: "bad" };

export function TrendBadge({ trend, reasons = [] }: { trend: Trend | null; reasons?: readonly string[] }): JSX.Element {
  if (trend) return <Badge tone={TONES[trend]}>{t(trend)}</Badge>;
  return (
    <span>
      <Badge>{t("not_comparable")}</Badge> <span class="note">{wordsOfReasons(reasons)}</span>
    </span>
  );
}
