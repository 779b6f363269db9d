// What leads from a result on to a professional.
import type { Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { t } from "./words.ts";

export function Escalate({ detail }: { detail: Schemas["InspectionDetail"] }): JSX.Element {
  return (
    <a class="button main" href={`/app/dossiers/new?inspection=${detail.inspection_id}`}>
      {t("dossier")}
    </a>
  );
}
