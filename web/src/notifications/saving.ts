// Saves the owner's preferences: what a change names, the rest stays.
import { answer, type Schemas } from "@maretech/client";
import { server } from "../api/server.ts";
import { type Action, useAction } from "../shell/hooks.ts";

export type Chosen = Schemas["Preferences"];
export type Change = Schemas["PreferencesRequest"];
export type Save = Action<[Change]>;

export interface Section {
  chosen: Chosen;
  onSaved: (chosen: Chosen) => void;
}

export function useSave(onSaved: Section["onSaved"]): Save {
  return useAction(async (body: Change) => onSaved(await answer(server.PUT("/v1/auth/me/notification-preferences", { body }))));
}
