// How the owner wants to be notified: kinds, quiet hours, time zone and language.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LanguageChoice } from "../account/language.tsx";
import { server } from "../api/server.ts";
import { session } from "../session/owner.ts";
import { useResource } from "../shell/hooks.ts";
import { Card, Choice, ErrorNotice, Field, Form, Loaded, Notice, Page, SubmitButton, Switch } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { day } from "../words/format.ts";
import { locale } from "../words/words.ts";
import { PushOnThisDevice } from "./device.tsx";
import { Kinds } from "./kinds.tsx";
import { type Change, type Chosen, type Section, useSave } from "./saving.ts";
import { t } from "./words.ts";

const NIGHT = { from: "22:00", to: "07:00" };

export function Preferences(): JSX.Element {
  const loaded = useResource("preferences", () => answer(server.GET("/v1/auth/me/notification-preferences")));
  const [saved, setSaved] = useState<Chosen>();
  return (
    <Page title={t("preferences_title")} back="/app/notifications">
      <PushOnThisDevice />
      <Loaded from={{ ...loaded, data: saved ?? loaded.data }}>
        {(chosen) => (
          <>
            <Mail chosen={chosen} />
            <Kinds chosen={chosen} onSaved={setSaved} />
            <Quiet chosen={chosen} onSaved={setSaved} />
            <Zone chosen={chosen} onSaved={setSaved} />
            <Language chosen={chosen} onSaved={setSaved} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Mail({ chosen: { email_disabled } }: { chosen: Chosen }): JSX.Element | null {
  const { owner } = useStore(session);
  if (email_disabled) {
    const reason = email_disabled.reason === "complained" ? "email_complained" : "email_bounced";
    return (
      <Notice tone="warn">
        <p>{t(reason, { email: owner?.email ?? "", date: day(email_disabled.at) })}</p>
        <a href="/app/account/email">{t("email_prove")}</a>
      </Notice>
    );
  }
  if (owner?.email_verified !== false) return null;
  return (
    <Notice tone="warn">
      <p>{t("email_unverified")}</p>
      <a href="/app/verify">{t("verify")}</a>
    </Notice>
  );
}

function Quiet({ chosen, onSaved }: Section): JSX.Element {
  const [isOn, setIsOn] = useState(chosen.quiet_hours !== null);
  const [isSaved, setIsSaved] = useState(false);
  const save = useSave((next) => {
    setIsSaved(true);
    onSaved(next);
  });
  const change = (quiet_hours: Change["quiet_hours"]): void => {
    setIsSaved(false);
    save.run({ quiet_hours: quiet_hours ?? null });
  };
  const { from, to } = chosen.quiet_hours ?? NIGHT;
  return (
    <Card title={t("quiet")}>
      <p class="muted">{t("quiet_text")}</p>
      <Switch
        label={t("quiet_switch")}
        checked={isOn}
        onChange={(on) => {
          setIsOn(on);
          if (!on && chosen.quiet_hours) change(null);
        }}
      />
      {isOn && (
        <Form send={(fields) => change({ from: fields.from ?? "", to: fields.to ?? "" })}>
          <div class="clock">
            <Field label={t("from")} name="from" type="time" defaultValue={from} required />
            <Field label={t("to")} name="to" type="time" defaultValue={to} required />
          </div>
          <SubmitButton isRunning={save.isRunning}>{t("save")}</SubmitButton>
        </Form>
      )}
      {isSaved && <Notice tone="good">{t("saved")}</Notice>}
      <ErrorNotice error={save.error} />
    </Card>
  );
}

function Zone({ chosen: { time_zone }, onSaved }: Section): JSX.Element {
  const save = useSave(onSaved);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set([time_zone, here, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
  return (
    <Card title={t("zone")}>
      <Choice
        label={t("zone")}
        name="time_zone"
        value={time_zone}
        options={zones.map((zone) => [zone, zone.replaceAll("_", " ")] as const)}
        onChange={(zone) => save.run({ time_zone: zone })}
      />
      {here !== time_zone && (
        <button type="button" class="quiet" disabled={save.isRunning} onClick={() => save.run({ time_zone: here })}>
          {t("zone_here", { zone: here })}
        </button>
      )}
      <ErrorNotice error={save.error} />
    </Card>
  );
}

function Language({ chosen, onSaved }: Section): JSX.Element {
  const save = useSave(onSaved);
  const current = locale();
  return (
    <LanguageChoice>
      {chosen.locale !== current && (
        <>
          <p>{t("language_other", { language: t(chosen.locale === "de" ? "in_de" : "in_en") })}</p>
          <button type="button" class="quiet" disabled={save.isRunning} onClick={() => save.run({ locale: current })}>
            {t("language_same", { language: t(`in_${current}`) })}
          </button>
        </>
      )}
      <ErrorNotice error={save.error} />
    </LanguageChoice>
  );
}
