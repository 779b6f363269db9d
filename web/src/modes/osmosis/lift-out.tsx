// When the boat came, or comes, out of the water.
import { answer } from "@maretech/client";
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../../api/server.ts";
import { useAction, useResource } from "../../shell/hooks.ts";
import { Card, ErrorNotice, Field, Form, Loaded, Page, SubmitButton } from "../../shell/parts.tsx";
import { dayAndTime } from "../../words/format.ts";
import { t } from "./words.ts";

export function LiftOut(): JSX.Element {
  const vessel = useRoute().params.vessel!;
  const params = { path: { vessel_id: vessel } };
  const noted = useResource(`lift-out ${vessel}`, () => answer(server.GET("/v1/osmosis/lift-outs/{vessel_id}", { params })));
  const save = useAction(async ({ at = "" }: Record<string, string>) => {
    // The field has the owner's clock; the server takes times with their offset.
    const body = { lifted_out_at: new Date(at).toISOString() };
    await server.PUT("/v1/osmosis/lift-outs/{vessel_id}", { params, body });
    noted.reload();
  });
  const forget = useAction(async () => {
    await server.DELETE("/v1/osmosis/lift-outs/{vessel_id}", { params });
    noted.reload();
  });
  return (
    <Page title={t("lift_out")} back="/app/osmosis">
      <Card>
        <p>{t("lift_out_text")}</p>
        <Loaded from={noted}>
          {({ lifted_out_at: at, notify_at: notifyAt }) => (
            <>
              {at && <p>{t("noted", { time: dayAndTime(at) })}</p>}
              {notifyAt && <p class="muted">{t("remind", { time: dayAndTime(notifyAt) })}</p>}
              <Form send={save.run}>
                <Field label={t("lifted_out_at")} name="at" type="datetime-local" required defaultValue={at ? localTime(at) : ""} error={save.error} />
                <ErrorNotice error={save.error ?? forget.error} />
                <SubmitButton isRunning={save.isRunning}>{t("save")}</SubmitButton>
              </Form>
              {at && (
                <button type="button" class="quiet" onClick={() => forget.run()}>
                  {t("forget")}
                </button>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

/** The value of a `datetime-local` field, which is in the clock of this device. */
function localTime(time: string): string {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
