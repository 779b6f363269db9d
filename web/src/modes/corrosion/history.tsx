// The finished inspections, and choosing two of them to compare.
import { answer, type Schemas } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../../api/server.ts";
import { useResource } from "../../shell/hooks.ts";
import { Card, Page } from "../../shell/parts.tsx";
import { day } from "../../words/format.ts";
import { Subscribed } from "./paywall.tsx";
import { t } from "./words.ts";

type Item = Schemas["HistoryItem"];

export function History(): JSX.Element {
  const history = useResource("history", () => answer(server.GET("/v1/corrosion/history", { params: { query: { page_size: 100 } } })));
  return (
    <Page title={t("history_title")} back="/app/corrosion">
      <Subscribed from={history}>
        {({ inspections }) => (inspections.length === 0 ? <p class="muted">{t("history_empty")}</p> : <Selection items={inspections} />)}
      </Subscribed>
    </Page>
  );
}

function Selection({ items }: { items: Item[] }): JSX.Element {
  const { route } = useLocation();
  const [chosen, setChosen] = useState<string[]>([]);
  const [from, to] = items.filter((one) => chosen.includes(one.inspection_id)).reverse(); // the list begins with the newest
  const isComparable = from !== undefined && to !== undefined && from.vessel_id === to.vessel_id;
  const choose = (id: string): void => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
  return (
    <Card>
      <p class="muted">{t("compare_hint")}</p>
      <ul class="links">
        {items.map((item) => (
          <li key={item.inspection_id} class="pick">
            <label class="switch">
              <input type="checkbox" checked={chosen.includes(item.inspection_id)} onChange={() => choose(item.inspection_id)} />
              <span>
                {item.vessel_label || t("unnamed")}, {day(item.created_at)}
              </span>
            </label>
            <a href={`/app/corrosion/inspections/${item.inspection_id}`}>{t(item.signal_detected)}</a>
          </li>
        ))}
      </ul>
      <button type="button" class="main" disabled={!isComparable} onClick={() => route(`/app/corrosion/compare?from=${from!.inspection_id}&to=${to!.inspection_id}`)}>
        {t("compare")}
      </button>
    </Card>
  );
}
