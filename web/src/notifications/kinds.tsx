// Which kinds come to the devices, and which by mail. Each switch is saved at once.
import type { Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Card, ErrorNotice } from "../shell/parts.tsx";
import { type Save, type Section, useSave } from "./saving.ts";
import { kindName, t } from "./words.ts";

type Kind = Schemas["KindPreference"];

export function Kinds({ chosen, onSaved }: Section): JSX.Element {
  return (
    <Card title={t("kinds")}>
      <p class="muted">{t("kinds_text")}</p>
      <table class="kinds">
        <thead>
          <tr>
            <th scope="col">{t("kind")}</th>
            <th scope="col">{t("push")}</th>
            <th scope="col">{t("email")}</th>
          </tr>
        </thead>
        <tbody>
          {chosen.kinds.map((kind) => (
            <KindRow key={kind.kind} kind={kind} onSaved={onSaved} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function KindRow({ kind, onSaved }: { kind: Kind; onSaved: Section["onSaved"] }): JSX.Element {
  const save = useSave(onSaved);
  return (
    <tr>
      <th scope="row">
        {kindName(kind.kind)}
        {!kind.can_be_switched_off && <span class="note"> ({t("fixed")})</span>}
        <ErrorNotice error={save.error} />
      </th>
      <KindSwitch kind={kind} channel="push" save={save} />
      <KindSwitch kind={kind} channel="email" save={save} />
    </tr>
  );
}

function KindSwitch({ kind, channel, save }: { kind: Kind; channel: "push" | "email"; save: Save }): JSX.Element {
  const isOn = kind[channel];
  const [wanted, setWanted] = useState(isOn);
  if (isOn === null) {
    return (
      <td class="muted">
        <span aria-hidden="true">–</span>
        <span class="hidden-input">{t("not_offered")}</span>
      </td>
    );
  }
  return (
    <td>
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={(save.isRunning ? wanted : isOn) ?? false}
          aria-label={t(`by_${channel}`, { kind: kindName(kind.kind) })}
          disabled={!kind.can_be_switched_off || save.isRunning}
          onChange={({ currentTarget: { checked } }) => {
            setWanted(checked);
            save.run({ kinds: [{ kind: kind.kind, [channel]: checked }] });
          }}
        />
      </label>
    </td>
  );
}
