// Everything that this device still keeps, with its size and why it waits.
import type { JSX } from "preact";
import { PhotoState } from "../capture/capture.tsx";
import { Picture } from "../capture/picture.tsx";
import { Card, LinkList, Notice, Page } from "../shell/parts.tsx";
import { bytes, day, dayAndTime } from "../words/format.ts";
import { wordsOfProblem } from "../words/refusals.ts";
import { words } from "../words/words.ts";
import { kick } from "./kick.ts";
import type { Pause, Photo, Visit } from "./records.ts";
import { useQueue } from "./store.ts";

const t = words({
  en: {
    title: "Photos on this device",
    empty: "Everything has been sent. Nothing waits on this device.",
    total: "1 photo waits, {size}.|{count} photos wait, {size}.",
    offline: "No connection. Tried again at {time}.",
    busy: "The server is busy. Tried again at {time}.",
    signed_out: "You were signed out. Sign in again to send these photos.",
    now: "Try now",
    open: "Open",
    unnamed: "Unnamed boat",
    point: "Point {count}",
    others: "1 photo of another account is kept here too.|{count} photos of another account are kept here too.",
  },
  de: {
    title: "Fotos auf diesem Gerät",
    empty: "Alles ist gesendet. Auf diesem Gerät wartet nichts.",
    total: "1 Foto wartet, {size}.|{count} Fotos warten, {size}.",
    offline: "Keine Verbindung. Nächster Versuch um {time}.",
    busy: "Der Server ist ausgelastet. Nächster Versuch um {time}.",
    signed_out: "Sie wurden abgemeldet. Melden Sie sich wieder an, um diese Fotos zu senden.",
    now: "Jetzt versuchen",
    open: "Öffnen",
    unnamed: "Boot ohne Namen",
    point: "Punkt {count}",
    others: "Ein Foto eines anderen Kontos liegt auch hier.|{count} Fotos eines anderen Kontos liegen auch hier.",
  },
});

const PAUSES = { offline: "offline", busy: "busy", "signed-out": "signed_out" } as const;

export default function QueueScreen(): JSX.Element {
  const { visits, photos, pause, waitingOfOthers, isLoaded } = useQueue();
  const kept = photos.filter((photo) => photo.hasBytes);
  const size = kept.reduce((sum, photo) => sum + photo.byteSize, 0);
  return (
    <Page title={t("title")}>
      {pause && kept.length > 0 && <PauseNotice pause={pause} />}
      {isLoaded && <p class="lead">{kept.length === 0 ? t("empty") : t("total", { count: kept.length, size: bytes(size) })}</p>}
      {visits.map((visit) => (
        <VisitCard key={visit.id} visit={visit} photos={kept.filter((photo) => photo.visitId === visit.id)} />
      ))}
      {waitingOfOthers > 0 && <p class="muted">{t("others", { count: waitingOfOthers })}</p>}
    </Page>
  );
}

function PauseNotice({ pause }: { pause: Pause }): JSX.Element {
  const time = pause.reason === "signed-out" ? "" : dayAndTime(new Date(pause.until).toISOString());
  return (
    <Notice tone="warn">
      <p>{t(PAUSES[pause.reason], { time })}</p>
      <button type="button" class="quiet" onClick={kick}>
        {t("now")}
      </button>
    </Notice>
  );
}

function VisitCard({ visit, photos }: { visit: Visit; photos: Photo[] }): JSX.Element | null {
  if (photos.length === 0) return null;
  return (
    <Card>
      <LinkList items={[{ href: `/app/${visit.mode}/visits/${visit.id}`, title: visit.vesselLabel || t("unnamed"), note: day(visit.createdAt) }]} />
      {visit.problem && <p class="fault">{wordsOfProblem(visit.problem)}</p>}
      <ol class="angles">
        {photos.map((photo) => (
          <li class="angle" key={photo.id}>
            <Picture bytes={photo.thumbnail} alt="" />
            <div>
              <h3>{visit.labels[photo.point] || t("point", { count: photo.point })}</h3>
              <PhotoState photo={photo} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
