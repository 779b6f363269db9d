// The boats: their details, and what leads on from one.
import { answer, type Schemas } from "@maretech/client";
import { Route, Router, useLocation, useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, Choice, ErrorNotice, Field, Form, Loaded, Notice, Page, SubmitButton } from "../shell/parts.tsx";
import { day } from "../words/format.ts";
import { t } from "./words.ts";

type Vessel = Schemas["Vessel"];
type Detail = Schemas["VesselDetail"];
type Hull = NonNullable<Vessel["hull_material"]>;

const UNKNOWN = "";
const HULLS = ["grp", "steel", "aluminium", "other"] as const;

export default function Vessels(): JSX.Element {
  return (
    <Router>
      <Route path="/new" component={NewVessel} />
      <Route path="/:vessel" component={VesselScreen} />
      <Route path="/:vessel/edit" component={EditVessel} />
    </Router>
  );
}

function NewVessel(): JSX.Element {
  const { route } = useLocation();
  const [key] = useIntentionKey();
  return (
    <Page title={t("add")} back="/app/">
      <VesselForm
        save={async (body) => {
          const params = { header: { "Idempotency-Key": key } };
          const made = await answer(server.POST("/v1/vessels", { params, body }));
          route(`/app/vessels/${made.vessel_id}`, true);
        }}
      />
    </Page>
  );
}

function useVessel(): { id: string; vessel: ReturnType<typeof useResource<Detail>> } {
  const id = useRoute().params.vessel!;
  const vessel = useResource(`vessel ${id}`, () => answer(server.GET("/v1/vessels/{vessel_id}", { params: { path: { vessel_id: id } } })));
  return { id, vessel };
}

function VesselScreen(): JSX.Element {
  const { id, vessel } = useVessel();
  return (
    <Page title={vessel.data?.name || t("unnamed")} back="/app/">
      <Loaded from={vessel}>
        {(boat) => (
          <>
            {boat.archived_at && <Notice>{t("archived")}</Notice>}
            <Facts boat={boat} />
            <p class="row">
              <a class="button quiet" href={`/app/vessels/${id}/edit`}>
                {t("edit")}
              </a>
              <a class="button quiet" href={`/app/handovers/new/${id}`}>
                {t("hand_over")}
              </a>
            </p>
            <Archive boat={boat} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ boat }: { boat: Detail }): JSX.Element {
  const inspections = Object.values(boat.inspection_counts).reduce((sum, count) => sum + count, 0);
  const facts: [string, string | number | null][] = [
    [t("hull"), boat.hull_material && t(boat.hull_material)],
    [t("length"), boat.length_m],
    [t("built"), boat.built_year],
    [t("hull_id"), boat.hull_id],
    [t("port"), boat.home_port],
    [t("last"), boat.last_inspected_at ? day(boat.last_inspected_at) : t("never")],
  ];
  return (
    <Card title={t("details")}>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== null && value !== "")
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
      </dl>
      <p class="muted">{t("count", { count: inspections })}</p>
    </Card>
  );
}

function EditVessel(): JSX.Element {
  const { id, vessel } = useVessel();
  const { route } = useLocation();
  return (
    <Page title={t("edit")} back={`/app/vessels/${id}`}>
      <Loaded from={vessel}>
        {(boat) => (
          <VesselForm
            boat={boat}
            save={async (body) => {
              await server.PATCH("/v1/vessels/{vessel_id}", { params: { path: { vessel_id: id } }, body });
              route(`/app/vessels/${id}`, true);
            }}
          />
        )}
      </Loaded>
    </Page>
  );
}

function VesselForm({ boat, save }: { boat?: Vessel; save: (body: Schemas["VesselRequest"]) => Promise<void> }): JSX.Element {
  const [hull, setHull] = useState<Hull | typeof UNKNOWN>(boat?.hull_material ?? UNKNOWN);
  const action = useAction((fields: Record<string, string>) =>
    save({
      name: fields.name ?? "",
      hull_material: hull || null,
      length_m: fields.length_m ? Number(fields.length_m) : null,
      built_year: fields.built_year ? Number(fields.built_year) : null,
      hull_id: fields.hull_id ?? "",
      home_port: fields.home_port ?? "",
    }),
  );
  const { error } = action;
  return (
    <Card>
      <Form send={action.run}>
        <Field label={t("name")} name="name" maxLength={80} required defaultValue={boat?.name ?? ""} error={error} autocomplete="off" />
        <Choice
          label={t("hull")}
          name="hull_material"
          value={hull}
          onChange={setHull}
          options={[[UNKNOWN, t("unknown")], ...HULLS.map((one) => [one, t(one)] as const)]}
        />
        <Field label={t("length")} name="length_m" type="number" step="0.01" min={0} inputMode="decimal" defaultValue={boat?.length_m ?? ""} error={error} />
        <Field label={t("built")} name="built_year" type="number" inputMode="numeric" defaultValue={boat?.built_year ?? ""} error={error} />
        <Field label={t("hull_id")} name="hull_id" defaultValue={boat?.hull_id ?? ""} error={error} autocomplete="off" />
        <Field label={t("port")} name="home_port" defaultValue={boat?.home_port ?? ""} error={error} autocomplete="off" />
        <ErrorNotice error={error} />
        <SubmitButton isRunning={action.isRunning}>{t("save")}</SubmitButton>
      </Form>
    </Card>
  );
}

function Archive({ boat }: { boat: Detail }): JSX.Element | null {
  const { route } = useLocation();
  const remove = useAction(async () => {
    await server.DELETE("/v1/vessels/{vessel_id}", { params: { path: { vessel_id: boat.vessel_id } } });
    route("/app/", true);
  });
  if (boat.archived_at) return null;
  return (
    <AskFirst label={t("archive")} yes={t("yes")} no={t("no")} isRunning={remove.isRunning} onYes={() => remove.run()}>
      <p>{t("remove_sure")}</p>
      <ErrorNotice error={remove.error} />
    </AskFirst>
  );
}
