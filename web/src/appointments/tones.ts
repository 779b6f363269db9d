// The colour of each state.
import type { Schemas } from "@maretech/client";
import type { Tone } from "../shell/parts.tsx";

export const TONES: Record<Schemas["AppointmentStatusEnum"], Tone> = {
  held: "warn",
  confirmed: "good",
  checked_in: "good",
  completed: "good",
  released: "calm",
  cancelled: "bad",
  no_show: "bad",
  disputed: "warn",
  resolved: "calm",
};
