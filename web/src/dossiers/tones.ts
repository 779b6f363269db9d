// The colour of each state.
import type { Schemas } from "@maretech/client";
import type { Tone } from "../shell/parts.tsx";

export const TONES: Record<Schemas["DossierStatusEnum"], Tone> = { draft: "warn", rendering: "calm", final: "good", revoked: "bad" };
