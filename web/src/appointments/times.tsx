// The free times of a surveyor, day by day, and holding one of them.
import { answer, ApiError, type Schemas } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, Choice, Loaded } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day, money } from "../words/format.ts";
import { locale } from "../words/words.ts";
import { period } from "./period.ts";
import type { Surveyor } from "./surveyor.tsx";
import { refusalOf, t } from "./words.ts";

type Slot = Schemas["AppointmentSlot"];

const WINDOW_DAYS = 30;
const MOST_WINDOWS = 3; // the server shows at most 92 days at once
const DAY_MS = 24 * 3600 * 1000;
const NONE = "";

export function Times({ surveyor }: { surveyor: Surveyor }): JSX.Element {
  const [windows, setWindows] = useState(1);
  const [chosen, setChosen] = useState<Slot | null>(null);
  const [now] = useState(() => Date.now());
  const [from, to] = [new Date(now).toISOString(), new Date(now + windows * WINDOW_DAYS * DAY_MS).toISOString()];
  const params = { path: { surveyor_id: surveyor.surveyor_id }, query: { from, to } };
  const slots = useResource(`slots ${surveyor.surveyor_id} ${windows}`, () => answer(server.GET("/v1/surveyors/{surveyor_id}/appointment-slots", { params })));
  if (chosen) {
    return (
      <Hold
        surveyor={surveyor}
        slot={chosen}
        onBack={() => {
          setChosen(null);
          slots.reload();
        }}
      />
    );
  }
  return (
    <Card title={t("times")}>
      <p class="muted">{t("clock", { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</p>
      <Loaded from={slots}>
        {({ results }) => (
          <>
            {results.length === 0 && <p>{t("no_times", { from: day(from), to: day(to) })}</p>}
            {byDay(results).map(([name, ofDay]) => (
              <section key={name}>
                <h3>{name}</h3>
                <ul class="slots">
                  {ofDay.map((slot) => (
                    <li key={slot.slot_id}>
                      <button type="button" class="quiet" onClick={() => setChosen(slot)}>
                        <strong>{hours(slot)}</strong>
                        <span>
                          {slot.place} · {money(slot.price_minor, slot.currency)}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </>
        )}
      </Loaded>
      {windows < MOST_WINDOWS && (
        <button type="button" class="quiet" onClick={() => setWindows(windows + 1)}>
          {t("later_times")}
        </button>
      )}
    </Card>
  );
}

function byDay(slots: Slot[]): [string, Slot[]][] {
  const format = new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long" });
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const name = format.format(new Date(slot.starts_at));
    days.set(name, [...(days.get(name) ?? []), slot]);
  }
  return [...days];
}

function hours({ starts_at, ends_at }: Pick<Slot, "starts_at" | "ends_at">): string {
  const format = new Intl.DateTimeFormat(locale(), { timeStyle: "short" });
  return t("from_to", { from: format.format(new Date(starts_at)), to: format.format(new Date(ends_at)) });
}

function Hold({ surveyor, slot, onBack }: { surveyor: Surveyor; slot: Slot; onBack: () => void }): JSX.Element {
  const { route } = useLocation();
  const [dossier, setDossier] = useState(NONE);
  const [key, takeNewKey] = useIntentionKey();
  const hold = useAction(async () => {
    const params = { header: { "Idempotency-Key": key } };
    const body = { slot_id: slot.slot_id, dossier_id: dossier || null };
    const held = await answer(server.POST("/v1/appointments", { params, body }));
    route(`/app/appointments/${held.appointment_id}`);
  });
  const choice = useRef<HTMLParagraphElement>(null);
  useEffect(() => choice.current?.focus(), []); // the list that was in its place may have been long
  const isTaken = hold.error instanceof ApiError && hold.error.code === "SLOT_TAKEN";
  return (
    <Card title={t("chosen")} tone="calm">
      <p tabIndex={-1} ref={choice}>
        <strong>
          {period(slot.starts_at, slot.ends_at)}
        </strong>
        <br />
        {slot.place}
        <br />
        {money(slot.price_minor, slot.currency)}
      </p>
      <DossierChoice
        surveyor={surveyor}
        value={dossier}
        onChange={(value) => {
          setDossier(value);
          takeNewKey();
        }}
      />
      <p class="muted">{t("hold_text")}</p>
      <Refusal error={hold.error} room={refusalOf} />
      {!isTaken && (
        <button type="button" class="main" disabled={hold.isRunning} onClick={() => hold.run()}>
          {t("hold")}
        </button>
      )}
      <button type="button" class="quiet" onClick={onBack}>
        {t(isTaken ? "reload_times" : "other_time")}
      </button>
    </Card>
  );
}

/** The owner's final dossiers of what this surveyor looks at; the newest of a boat stands first. */
function DossierChoice({ surveyor, value, onChange }: { surveyor: Surveyor; value: string; onChange: (value: string) => void }): JSX.Element {
  const dossiers = useResource("final dossiers", async () => {
    const { results } = await answer(server.GET("/v1/dossiers", { params: { query: { page_size: 100 } } }));
    return results.filter((one) => one.status === "final" && one.superseded_by === null);
  });
  return (
    <Loaded from={dossiers}>
      {(all) => {
        const fitting = all.filter((one) => surveyor.modes.includes(one.mode));
        if (fitting.length === 0) return null;
        const options = fitting.map((one) => [one.dossier_id, t("dossier_of", { boat: one.vessel_label, date: day(one.final_at ?? one.created_at) })] as const);
        return (
          <>
            <Choice label={t("attach")} name="dossier" value={value} onChange={onChange} options={[[NONE, t("no_dossier")], ...options]} />
            <p class="muted">{t("attach_text")}</p>
          </>
        );
      }}
    </Loaded>
  );
}
