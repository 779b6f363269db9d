// A new inspection: which boat, what is known of its hull.
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useMode } from "../modes/mode.ts";
import type { CaptureContext } from "../queue/records.ts";
import { changed } from "../queue/store.ts";
import { startVisit } from "../queue/visits.ts";
import { deviceDatabase, session } from "../session/owner.ts";
import { useAction, useResource } from "../shell/hooks.ts";
import { Card, Choice, ErrorNotice, Field, Form, Loaded, Page, SubmitButton } from "../shell/parts.tsx";
import { type Boat, boatsWith, knownBoats, policyOf } from "./policies.ts";
import { t } from "./words.ts";

const ANOTHER = "";
const UNKNOWN = "";

export function NewInspection(): JSX.Element {
  const { path, words, hulls } = useMode();
  const boats = useResource("boats", () => knownBoats().then((all) => boatsWith(hulls, all), (): Boat[] => []));
  return (
    <Page title={words("start")} back={path}>
      <Loaded from={boats}>{(known) => <NewInspectionForm boats={known} />}</Loaded>
    </Page>
  );
}

function NewInspectionForm({ boats }: { boats: Boat[] }): JSX.Element {
  const { mode, path, hulls } = useMode();
  const { route, query } = useLocation();
  const [boat, setBoat] = useState(query.vessel ?? boats[0]?.vessel_id ?? ANOTHER);
  const [typed, setTyped] = useState(hulls[0]!);
  const known = boats.find((one) => one.vessel_id === boat)?.hull_material;
  const [surface, setSurface] = useState(UNKNOWN);
  const [antifouling, setAntifouling] = useState(UNKNOWN);
  const action = useAction(async ({ name = "", region = "" }: Record<string, string>) => {
    const context = { hull_material: known ?? typed, surface, antifouling, region_text: region.trim() };
    const visit = await startVisit(await deviceDatabase(), {
      ownerId: session.get().owner!.id,
      mode,
      policy: await policyOf(mode),
      vesselId: boat || null,
      vesselLabel: boats.find((one) => one.vessel_id === boat)?.name ?? name.trim(),
      context: Object.fromEntries(Object.entries(context).filter(([, value]) => value)) as CaptureContext,
    });
    changed();
    route(`${path}/visits/${visit.id}`, true);
  });
  return (
    <Card>
      <Form send={action.run}>
        <Choice
          label={t("boat")}
          name="boat"
          value={boat}
          onChange={setBoat}
          options={[...boats.map((one) => [one.vessel_id, one.name || t("unnamed")] as const), [ANOTHER, t("another_boat")]]}
        />
        {boat === ANOTHER && <Field label={t("boat_name")} name="name" maxLength={80} autocomplete="off" />}
        {hulls.length > 1 && !known && (
          <Choice label={t("hull")} name="hull" value={typed} onChange={setTyped} options={hulls.map((one) => [one, t(one as "steel")])} />
        )}
        <Choice
          label={t("surface")}
          name="surface"
          value={surface}
          onChange={setSurface}
          options={[
            [UNKNOWN, t("unknown")],
            ["dry", t("dry")],
            ["wet", t("wet")],
          ]}
        />
        <Choice
          label={t("antifouling")}
          name="antifouling"
          value={antifouling}
          onChange={setAntifouling}
          options={[
            [UNKNOWN, t("unknown")],
            ["present", t("present")],
            ["removed", t("removed")],
          ]}
        />
        <Field label={t("region")} name="region" maxLength={200} autocomplete="off" />
        <ErrorNotice error={action.error} />
        <SubmitButton isRunning={action.isRunning}>{t("begin")}</SubmitButton>
      </Form>
    </Card>
  );
}
