// A dossier begins with an inspection that can be in one, and with others of the same boat.
import { answer, type Schemas } from "@maretech/client";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction, useIntentionKey, useResource } from "../shell/hooks.ts";
import { Card, Choice, Loaded, Notice, Page, Switch } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day } from "../words/format.ts";
import { locale, type Locale } from "../words/words.ts";
import { reasonName, refusalOf, t } from "./words.ts";

type Detail = Schemas["InspectionDetail"];
export type Paper = Schemas["DossierPaperEnum"];

const LATEST = 12; // a list item does not name its boat, so each is asked for
const MOST = 10;

export function NewDossier(): JSX.Element {
  const { query } = useLocation();
  return (
    <Page title={t("new_title")} back="/app/dossiers">
      {query.inspection ? <Eligible inspection={query.inspection} /> : <Notice>{t("need_inspection")}</Notice>}
    </Page>
  );
}

function Eligible({ inspection }: { inspection: string }): JSX.Element {
  const params = { path: { inspection_id: inspection } };
  const asked = useResource(`escalation ${inspection}`, async () => {
    const [eligibility, detail] = await Promise.all([
      answer(server.GET("/v1/inspections/{inspection_id}/escalation", { params })),
      answer(server.GET("/v1/inspections/{inspection_id}", { params })),
    ]);
    return { eligibility, detail };
  });
  return (
    <Loaded from={asked}>
      {({ eligibility: { eligible, reasons, photograph_again_after: until }, detail }) =>
        eligible ? (
          <>
            <p class="lead">{t("intro")}</p>
            {until && <p class="muted">{t("until", { date: day(until) })}</p>}
            <Begin first={detail} />
          </>
        ) : (
          <Notice tone="warn">
            <p>{t("not_eligible")}</p>
            <ul>
              {reasons.map((reason) => (
                <li key={reason}>{reasonName(reason)}</li>
              ))}
            </ul>
            <a href={`/app/${detail.mode}/inspections/${inspection}`}>{t("this_inspection", { date: day(detail.created_at) })}</a>
          </Notice>
        )
      }
    </Loaded>
  );
}

function Begin({ first }: { first: Detail }): JSX.Element {
  const { route } = useLocation();
  const [key, takeNewKey] = useIntentionKey();
  const [others, setOthers] = useState<string[]>([]);
  const [asksOthers, setAsksOthers] = useState(false);
  const [language, setLanguage] = useState<Locale>(locale());
  const [paper, setPaper] = useState<Paper>("a4");
  // Another choice is another intention: the key belongs to one body.
  const choose = <T,>(set: (value: T) => void) => (value: T): void => {
    set(value);
    takeNewKey();
  };
  const begin = useAction(async () => {
    const params = { header: { "Idempotency-Key": key } };
    const body = { inspection_ids: [first.inspection_id, ...others], language, paper };
    const draft = await answer(server.POST("/v1/dossiers", { params, body }));
    route(`/app/dossiers/${draft.dossier_id}`, true);
  });
  return (
    <>
      <Card title={t("which")}>
        <p>
          {first.vessel_label || t("unnamed")}: {t("this_inspection", { date: day(first.created_at) })}
        </p>
        {asksOthers ? (
          <Others first={first} chosen={others} onChoose={choose(setOthers)} />
        ) : (
          <button type="button" class="quiet" onClick={() => setAsksOthers(true)}>
            {t("more_inspections")}
          </button>
        )}
      </Card>
      <Card>
        <LanguageAndPaper language={language} paper={paper} onLanguage={choose(setLanguage)} onPaper={choose(setPaper)} />
        <Refusal error={begin.error} room={refusalOf} />
        <button type="button" class="main" disabled={begin.isRunning} onClick={() => begin.run()}>
          {t("make_draft")}
        </button>
      </Card>
    </>
  );
}

function Others({ first, chosen, onChoose }: { first: Detail; chosen: string[]; onChoose: (chosen: string[]) => void }): JSX.Element {
  const others = useResource(`others ${first.inspection_id}`, () => othersOf(first));
  return (
    <Loaded from={others}>
      {(found) =>
        found.length === 0 ? (
          <p class="muted">{t("no_more")}</p>
        ) : (
          <>
            {found.map(({ inspection_id: id, created_at: at }) => (
              <Switch
                key={id}
                label={t("this_inspection", { date: day(at) })}
                checked={chosen.includes(id)}
                disabled={!chosen.includes(id) && chosen.length + 1 >= MOST}
                onChange={(on) => onChoose(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
              />
            ))}
          </>
        )
      }
    </Loaded>
  );
}

/** Return the latest completed inspections of the same boat and kind. */
async function othersOf(first: Detail): Promise<Detail[]> {
  const query = { mode: first.mode, page_size: 100 };
  const { results } = await answer(server.GET("/v1/inspections", { params: { query } }));
  const completed = results.filter((one) => one.status === "completed" && one.inspection_id !== first.inspection_id).slice(0, LATEST);
  const details = await Promise.all(
    completed.map(({ inspection_id }) => answer(server.GET("/v1/inspections/{inspection_id}", { params: { path: { inspection_id } } }))),
  );
  return details.filter((one) => one.vessel_id !== null && one.vessel_id === first.vessel_id);
}

interface Layout {
  language: Locale;
  paper: Paper;
  onLanguage: (language: Locale) => void;
  onPaper: (paper: Paper) => void;
}

export function LanguageAndPaper({ language, paper, onLanguage, onPaper }: Layout): JSX.Element {
  const languages = [
    ["en", t("en")],
    ["de", t("de")],
  ] as const;
  const papers = [
    ["a4", t("a4")],
    ["us-letter", t("letter_paper")],
  ] as const;
  return (
    <>
      <Choice label={t("language")} name="language" value={language} options={languages} onChange={onLanguage} />
      <Choice label={t("paper")} name="paper" value={paper} options={papers} onChange={onPaper} />
    </>
  );
}
