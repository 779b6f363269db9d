// The start: which hull to look at, what is unfinished, and the boats.
import { answer } from "@maretech/client";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { keepForOffline } from "../inspections/policies.ts";
import { server } from "../api/server.ts";
import { useQueue } from "../queue/store.ts";
import { session } from "../session/owner.ts";
import { Pages } from "../shell/pages.tsx";
import { Card, LinkList, Notice, Page } from "../shell/parts.tsx";
import { useStore } from "../shell/state.ts";
import { day } from "../words/format.ts";
import { words } from "../words/words.ts";

const t = words({
  en: {
    title: "What would you like to look at?",
    fibreglass: "A fibreglass hull",
    metal: "A metal hull",
    unfinished: "Not finished yet",
    unnamed: "Unnamed boat",
    photos: "1 photo|{count} photos",
    boats: "Your boats",
    no_boats: "No boat yet. You can add one now or with your first inspection.",
    add_boat: "Add a boat",
    archived: "archived",
    verify: "Your e-mail address is not confirmed yet.",
    verify_now: "Enter the code",
  },
  de: {
    title: "Was möchten Sie ansehen?",
    fibreglass: "Einen Rumpf aus GFK",
    metal: "Einen Rumpf aus Metall",
    unfinished: "Noch nicht fertig",
    unnamed: "Boot ohne Namen",
    photos: "1 Foto|{count} Fotos",
    boats: "Ihre Boote",
    no_boats: "Noch kein Boot. Sie können jetzt eines anlegen oder mit der ersten Inspektion.",
    add_boat: "Boot anlegen",
    archived: "archiviert",
    verify: "Ihre E-Mail-Adresse ist noch nicht bestätigt.",
    verify_now: "Code eingeben",
  },
});

export function Home(): JSX.Element {
  const { owner } = useStore(session);
  useEffect(() => void keepForOffline("osmosis", "corrosion"), []);
  return (
    <Page title={t("title")}>
      {owner?.email_verified === false && (
        <Notice tone="warn">
          <p>{t("verify")}</p>
          <a href="/app/verify">{t("verify_now")}</a>
        </Notice>
      )}
      <div class="products">
        <a class="product fibreglass" href="/app/osmosis">
          {t("fibreglass")}
        </a>
        <a class="product metal" href="/app/corrosion">
          {t("metal")}
        </a>
      </div>
      <Unfinished />
      <Boats />
    </Page>
  );
}

function Unfinished(): JSX.Element | null {
  const { visits, photos } = useQueue();
  const open = visits.filter((visit) => visit.submission !== "done");
  if (open.length === 0) return null;
  return (
    <Card title={t("unfinished")}>
      <LinkList
        items={open.map((visit) => ({
          href: `/app/${visit.mode}/visits/${visit.id}`,
          title: visit.vesselLabel || t("unnamed"),
          note: `${day(visit.createdAt)} · ${t("photos", { count: photos.filter((one) => one.visitId === visit.id).length })}`,
        }))}
      />
    </Card>
  );
}

function Boats(): JSX.Element {
  return (
    <Card title={t("boats")}>
      <Pages name="vessels" load={(query) => answer(server.GET("/v1/vessels", { params: { query } }))}>
        {(results) =>
          results.length === 0 ? (
            <p class="muted">{t("no_boats")}</p>
          ) : (
            <LinkList
              items={results.map((boat) => ({
                href: `/app/vessels/${boat.vessel_id}`,
                title: boat.name || t("unnamed"),
                ...(boat.archived_at ? { note: t("archived") } : {}),
              }))}
            />
          )
        }
      </Pages>
      <a class="button quiet" href="/app/vessels/new">
        {t("add_boat")}
      </a>
    </Card>
  );
}
