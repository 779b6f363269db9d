// The owner's appointments with surveyors.
import { answer } from "@maretech/client";
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { server } from "../api/server.ts";
import { Pages } from "../shell/pages.tsx";
import { Badge, Card, LinkList, Page } from "../shell/parts.tsx";
import { dayAndTime } from "../words/format.ts";
import { AppointmentScreen } from "./appointment.tsx";
import { SurveyorScreen } from "./surveyor.tsx";
import { Surveyors } from "./surveyors.tsx";
import { TONES } from "./tones.ts";
import { t } from "./words.ts";

export default function Appointments(): JSX.Element {
  return (
    <Router>
      <Route path="/surveyors" component={Surveyors} />
      <Route path="/surveyors/:surveyor" component={SurveyorScreen} />
      <Route path="/:appointment" component={AppointmentScreen} />
      <Route default component={AppointmentList} />
    </Router>
  );
}

function AppointmentList(): JSX.Element {
  return (
    <Page title={t("title")} back="/app/">
      <a class="button main" href="/app/appointments/surveyors">
        {t("find")}
      </a>
      <Card>
        <Pages name="appointments" load={(query) => answer(server.GET("/v1/appointments", { params: { query } }))}>
          {(appointments) =>
            appointments.length === 0 ? (
              <p class="muted">{t("none")}</p>
            ) : (
              <LinkList
                items={appointments.map((one) => ({
                  href: `/app/appointments/${one.appointment_id}`,
                  title: one.surveyor_name,
                  note: (
                    <>
                      {dayAndTime(one.starts_at)} <Badge tone={TONES[one.status]}>{t(one.status)}</Badge>
                    </>
                  ),
                }))}
              />
            )
          }
        </Pages>
      </Card>
    </Page>
  );
}
