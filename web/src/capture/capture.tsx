// The guided capture: point by point, angle by angle, everything kept on this device first.
import { ApiError, type Angle } from "@maretech/client";
import { useLocation, useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { t, wordsOfReasons } from "../inspections/words.ts";
import { useMode } from "../modes/mode.ts";
import { wakeLater } from "../queue/kick.ts";
import type { Photo, Visit } from "../queue/records.ts";
import { changed, useQueue } from "../queue/store.ts";
import { changeVisit, discardPhoto, discardVisit, keepPhoto, reopenVisit, requestSubmission, retryVisit, sendAgain } from "../queue/visits.ts";
import { deviceDatabase } from "../session/owner.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction } from "../shell/hooks.ts";
import { Badge, Card, ErrorNotice, Notice, Page, type Tone } from "../shell/parts.tsx";
import { bytes as sized } from "../words/format.ts";
import { wordsOfProblem } from "../words/refusals.ts";
import { Camera, type Overlay } from "./camera.tsx";
import { readPhoto, UnusableFile } from "./photo-file.ts";
import { Picture } from "./picture.tsx";

/** What a product adds to the capture: earlier photos over the live picture, and advice about the framing. */
export interface CaptureExtras {
  useOverlay?: (visit: Visit, point: number, angle: Angle | null) => Overlay | null;
  framingAdvice?: (photo: Photo) => string | null;
  /** What to offer where the product asks for money first. */
  Offer?: () => JSX.Element;
}

const TONES: Record<Photo["state"], Tone> = { created: "calm", uploading: "calm", processing: "calm", ready: "good", failed: "warn" };

export function Capture(extras: CaptureExtras): JSX.Element {
  const { params } = useRoute();
  const { visits, photos, isLoaded } = useQueue();
  const { path } = useMode();
  const visit = visits.find((one) => one.id === params.visit);
  if (!visit) return <Page title={t("new_title")} back={path}>{isLoaded && <p>{wordsOfProblem({ code: "NOT_FOUND" })}</p>}</Page>;
  return <CaptureVisit key={visit.id} visit={visit} photos={photos.filter((one) => one.visitId === visit.id)} {...extras} />;
}

function CaptureVisit({ visit, photos, useOverlay = noOverlay, framingAdvice, Offer }: CaptureExtras & { visit: Visit; photos: Photo[] }): JSX.Element {
  const { route } = useLocation();
  const { path, words } = useMode();
  const [point, setPoint] = useState(() => Math.max(1, ...photos.map((photo) => photo.point)));
  const [opened, setOpened] = useState(() => Math.max(1, ...photos.map((photo) => photo.point), ...Object.keys(visit.slots).map(Number)));
  const [angle, setAngle] = useState<Angle | null>(null);
  const overlay = useOverlay(visit, point, angle);
  const { angles } = visit.policy;
  const here = (one: Angle): Photo | undefined => photos.find((photo) => photo.point === point && photo.angle === one);

  // Once everything has arrived, the result is the next screen.
  useEffect(() => {
    if (visit.submission === "done") route(`${path}/inspections/${visit.inspectionId}`, true);
  }, [visit.submission]);

  const keep = useAction(async (file: Blob, target: Angle) => {
    await keepPhoto(await deviceDatabase(), { visit, point, angle: target, ...(await readPhoto(file, visit.policy)) });
    setAngle(null);
    changed();
    void wakeLater();
    void navigator.storage?.persist?.();
  });

  return (
    <Page title={visit.vesselLabel || t("unnamed")} back={path}>
      {visit.problem && <VisitProblem visit={visit} Offer={Offer} />}
      <Points visit={visit} photos={photos} opened={opened} point={point} onPoint={setPoint} onAdd={() => { setOpened(opened + 1); setPoint(opened + 1); }} />
      <Card title={t("point", { count: point })}>
        <PointName visit={visit} point={point} />
        <ol class="angles">
          {angles.map((one) => (
            <AngleRow
              key={one}
              angle={one}
              photo={here(one)}
              advice={framingAdvice}
              onCamera={() => setAngle(one)}
              onFile={(file) => keep.run(file, one)}
            />
          ))}
        </ol>
        <KeepError error={keep.error} visit={visit} />
      </Card>
      <Submission visit={visit} photos={photos} opened={opened} />
      <DeleteVisit visit={visit} onDeleted={() => route(path, true)} />
      {angle && (
        <Camera
          key={`${point}-${angle}`}
          title={`${t("point", { count: point })}: ${words(angle)}`}
          hint={words(`${angle}_hint`)}
          overlay={overlay}
          onClose={() => setAngle(null)}
          onTaken={async (photo) => keep.run(photo, angle)}
        />
      )}
    </Page>
  );
}

function noOverlay(): null {
  return null;
}

function VisitProblem({ visit, Offer }: { visit: Visit; Offer: (() => JSX.Element) | undefined }): JSX.Element {
  const isPaid = ["PAYMENT_REQUIRED", "SUBSCRIPTION_REQUIRED"].includes(visit.problem!.code);
  const isClosed = visit.problem!.code === "INSPECTION_CLOSED";
  const retry = useAction(async () => {
    await (isClosed ? reopenVisit : retryVisit)(await deviceDatabase(), visit.id);
    changed();
  });
  return (
    <Notice tone="warn">
      <p>{wordsOfProblem(visit.problem!)}</p>
      {isPaid && Offer && <Offer />}
      <button type="button" class="quiet" onClick={() => retry.run()}>
        {t(isClosed ? "reopen" : "again")}
      </button>
    </Notice>
  );
}

interface PointsProps {
  visit: Visit;
  photos: Photo[];
  opened: number;
  point: number;
  onPoint: (point: number) => void;
  onAdd: () => void;
}

function Points({ visit, photos, opened, point, onPoint, onAdd }: PointsProps): JSX.Element {
  const { angles, max_points: most } = visit.policy;
  return (
    <nav aria-label={t("points")}>
      <ol class="points">
        {Array.from({ length: opened }, (_, index) => index + 1).map((one) => {
          const here = photos.filter((photo) => photo.point === one);
          const isDone = here.length === angles.length && here.every((photo) => photo.state === "ready");
          const look = here.some((photo) => photo.state === "failed") ? "fault" : isDone ? "done" : "";
          return (
            <li key={one}>
              <button type="button" class={look} aria-current={one === point ? "step" : undefined} onClick={() => onPoint(one)}>
                {visit.labels[one] || one}
              </button>
            </li>
          );
        })}
        {opened < most && (
          <li>
            <button type="button" onClick={onAdd}>
              + {t("add_point")}
            </button>
          </li>
        )}
      </ol>
    </nav>
  );
}

function PointName({ visit, point }: { visit: Visit; point: number }): JSX.Element | null {
  if (point in visit.slots) return visit.labels[point] ? <p class="muted">{visit.labels[point]}</p> : null;
  return (
    <div class="field" key={point}>
      <label for="point-name">{t("point_name")}</label>
      <input
        id="point-name"
        maxLength={80}
        autocomplete="off"
        defaultValue={visit.labels[point] ?? ""}
        onChange={async (event) => {
          const label = event.currentTarget.value.trim();
          await changeVisit(await deviceDatabase(), visit.id, (now) => ({ labels: { ...now.labels, [point]: label } }));
          changed();
        }}
      />
    </div>
  );
}

interface AngleRowProps {
  angle: Angle;
  photo: Photo | undefined;
  advice: CaptureExtras["framingAdvice"];
  onCamera: () => void;
  onFile: (file: File) => void;
}

function AngleRow({ angle, photo, advice, onCamera, onFile }: AngleRowProps): JSX.Element {
  const { words } = useMode();
  return (
    <li class="angle" data-angle={angle}>
      <Picture bytes={photo?.thumbnail} alt="" />
      <div>
        <h3>{words(angle)}</h3>
        {photo ? <PhotoState photo={photo} advice={advice} /> : <p class="muted">{words(`${angle}_hint`)}</p>}
        <div class="row">
          <button type="button" class={photo ? "quiet" : ""} onClick={onCamera}>
            {t(photo ? "retake" : "take")}
          </button>
          <FileButton label={`${t("pick")}: ${words(angle)}`} onFile={onFile} />
        </div>
      </div>
    </li>
  );
}

function FileButton({ label, onFile }: { label: string; onFile: (file: File) => void }): JSX.Element {
  return (
    <label class="button quiet file">
      {t("pick")}
      <input
        type="file"
        class="hidden-input"
        aria-label={label}
        accept="image/jpeg,image/png,image/heic,image/heif,.heic,.heif"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </label>
  );
}

export function PhotoState({ photo, advice }: { photo: Photo; advice?: CaptureExtras["framingAdvice"] }): JSX.Element {
  const act = useAction(async (what: typeof sendAgain | typeof discardPhoto) => {
    await what(await deviceDatabase(), photo.id);
    changed();
  });
  const framing = advice?.(photo);
  const warnings = photo.warnings.filter((warning) => warning !== "framed_differently");
  return (
    <div class="photo-state">
      <p>
        <Badge tone={TONES[photo.state]}>{t(photo.state)}</Badge> <span class="note">{sized(photo.byteSize)}</span>
      </p>
      {photo.retakeReasons.length > 0 && <p class="fault">{t("take_again_because", { reasons: wordsOfReasons(photo.retakeReasons) })}</p>}
      {photo.problem && photo.retakeReasons.length === 0 && <p class="fault">{wordsOfProblem(photo.problem)}</p>}
      {warnings.length > 0 && <p class="note">{t("better", { warnings: wordsOfReasons(warnings) })}</p>}
      {framing && <p class="note">{framing}</p>}
      {photo.state === "failed" && (
        <div class="row">
          {photo.retakeReasons.length === 0 && (
            <button type="button" class="quiet" onClick={() => act.run(sendAgain)}>
              {t("send_again")}
            </button>
          )}
          <button type="button" class="danger" onClick={() => act.run(discardPhoto)}>
            {t("discard")}
          </button>
        </div>
      )}
    </div>
  );
}

function KeepError({ error, visit }: { error: unknown; visit: Visit }): JSX.Element | null {
  const { content_types: types, max_bytes: limit } = visit.policy.constraints;
  if (error instanceof UnusableFile) {
    const text =
      error.fault === "type"
        ? t("wrong_type", { types: types.map((type) => type.replace("image/", "")).join(", ") })
        : t("file_too_large", { size: "", limit: sized(limit) });
    return <Notice tone="bad">{text}</Notice>;
  }
  if (error instanceof DOMException) return <Notice tone="bad">{t("no_room")}</Notice>;
  return <ErrorNotice error={error} />;
}

function Submission({ visit, photos, opened }: { visit: Visit; photos: Photo[]; opened: number }): JSX.Element {
  const { words } = useMode();
  const [asks, setAsks] = useState(false);
  const submit = useAction(async (acceptIncomplete: boolean) => {
    await requestSubmission(await deviceDatabase(), visit.id, { acceptIncomplete });
    setAsks(false);
    changed();
    void wakeLater();
  });
  const gaps: string[] = [];
  for (let point = 1; point <= opened; point += 1) {
    const here = photos.filter((photo) => photo.point === point);
    if (here.length === 0 && point > 1) continue; // a point that was only looked at
    for (const angle of visit.policy.angles) {
      const photo = here.find((one) => one.angle === angle);
      if (!photo || photo.state === "failed") gaps.push(`${t("point", { count: point })} ${words(angle)}`);
    }
  }
  if (visit.submission === "requested") {
    return (
      <Notice>
        <p>{t("submitted")}</p>
        {!navigator.onLine && <p>{t("submit_offline")}</p>}
      </Notice>
    );
  }
  if (asks) {
    return (
      <Notice tone="warn">
        <p>{t("incomplete", { places: gaps.join(", ") })}</p>
        <div class="row">
          <button type="button" onClick={() => submit.run(true)}>
            {t("submit_anyway")}
          </button>
          <button type="button" class="quiet" onClick={() => setAsks(false)}>
            {t("keep_on")}
          </button>
        </div>
      </Notice>
    );
  }
  return (
    <>
      <ErrorNotice error={submit.error} />
      <button type="button" class="main" disabled={photos.length === 0 || submit.isRunning} onClick={() => (gaps.length > 0 ? setAsks(true) : submit.run(false))}>
        {t("submit")}
      </button>
    </>
  );
}

function DeleteVisit({ visit, onDeleted }: { visit: Visit; onDeleted: () => void }): JSX.Element {
  const remove = useAction(async () => {
    if (visit.inspectionId) await deleteInspection(visit.inspectionId);
    await discardVisit(await deviceDatabase(), visit.id);
    changed();
    onDeleted();
  });
  return (
    <AskFirst label={t("delete_visit")} yes={t("yes_delete")} no={t("no_keep")} isRunning={remove.isRunning} onYes={() => remove.run()}>
      <p>{t("delete_sure")}</p>
      <ErrorNotice error={remove.error} />
    </AskFirst>
  );
}

async function deleteInspection(inspectionId: string): Promise<void> {
  try {
    await server.DELETE("/v1/inspections/{inspection_id}", { params: { path: { inspection_id: inspectionId } } });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error; // it is gone already
  }
}
