// The colour of each state.
import type { Schemas } from "@maretech/client";
import type { Tone } from "../shell/parts.tsx";

export const TONES: Record<Schemas["HandoverStatusEnum"], Tone> = {
  initiated: "warn",
  pending_codes: "warn",
  completed: "good",
  cancelled: "calm",
  declined: "calm",
  expired: "calm",
  failed: "bad",
  disputed: "bad",
  reversed: "calm",
};
