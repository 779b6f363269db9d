// The statement by voice: record it, hear it, send it, correct what was written down, use it.
import { answer, NoAnswer } from "@maretech/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction } from "../shell/hooks.ts";
import { Card, Notice } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import type { Dossier, DossierProps } from "./dossier.tsx";
import { useRecorder } from "./recorder.ts";
import { reasonName, refusalOf, t } from "./words.ts";

const MOST_SECONDS = 300; // section 11 of the contract
const MARGIN_SECONDS = 1; // the last piece of sound comes a moment after the stop
const MOST_CHARACTERS = 4000;

interface VoiceProps extends DossierProps {
  hasStatement: boolean;
  onUse: (...texts: string[]) => Promise<void>;
}

export function Voice({ dossier, reload, hasStatement, onUse }: VoiceProps): JSX.Element {
  const { recording, transcript } = dossier;
  return (
    <Card title={t("voice")}>
      <p class="muted">{t("voice_text", { minutes: MOST_SECONDS / 60, language: t(dossier.language) })}</p>
      {recording?.state === "uploaded" ? (
        <Notice>{t("transcribing")}</Notice>
      ) : (
        <>
          {recording?.state === "failed" && <Notice tone="warn">{t("no_transcript", { reason: reasonName(recording.reason ?? "could_not_be_transcribed") })}</Notice>}
          {recording?.state === "transcribed" && transcript !== null && (
            <Transcript key={recording.recording_id} dossier={dossier} transcript={transcript} hasStatement={hasStatement} onUse={onUse} />
          )}
          <Record dossier={dossier} reload={reload} />
        </>
      )}
    </Card>
  );
}

function Record({ dossier, reload }: DossierProps): JSX.Element {
  const recorder = useRecorder(MOST_SECONDS - MARGIN_SECONDS);
  const { phase, recorded, fault } = recorder;
  const send = useAction(async (sound: Blob) => {
    await sendRecording(dossier.dossier_id, sound);
    reload();
  });
  const isFirst = dossier.recording === null && recorded === null;
  return (
    <>
      {fault && <Notice tone="warn">{t(`mic_${fault}`)}</Notice>}
      {dossier.recording?.state === "created" && phase === "idle" && <p class="muted">{t("half_sent")}</p>}
      {phase === "recording" && (
        <>
          <p class="signal" role="timer">
            {t("recording", { time: clock(recorder.seconds), limit: clock(MOST_SECONDS) })}
          </p>
          <progress value={recorder.seconds} max={MOST_SECONDS} aria-label={t("voice")} />
        </>
      )}
      {recorded && phase === "recorded" && <Replay sound={recorded} />}
      {send.isRunning && <p role="status">{t("sending")}</p>}
      <Refusal error={send.error} room={refusalOf} />
      <div class="row">
        {phase === "recording" ? (
          <button type="button" onClick={recorder.stop}>
            {t("stop")}
          </button>
        ) : (
          <>
            {recorded && (
              <button type="button" disabled={send.isRunning} onClick={() => send.run(recorded)}>
                {t("send_recording")}
              </button>
            )}
            <button type="button" class="quiet" disabled={phase === "asking" || send.isRunning} onClick={recorder.start}>
              {t(isFirst ? "record" : "record_again")}
            </button>
          </>
        )}
      </div>
    </>
  );
}

function Replay({ sound }: { sound: Blob }): JSX.Element {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(sound);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [sound]);
  return <audio class="replay" controls src={address ?? undefined} aria-label={t("replay")} />;
}

function Transcript({ dossier, transcript, hasStatement, onUse }: { dossier: Dossier; transcript: string } & Pick<VoiceProps, "hasStatement" | "onUse">): JSX.Element {
  const [text, setText] = useState(transcript);
  const use = useAction(async () => {
    // The transcript as it came, first: the document then names the program that wrote it, and the edits keep that.
    const isCorrected = text !== transcript && transcript.length <= MOST_CHARACTERS;
    await onUse(...(isCorrected ? [transcript] : []), text);
  });
  if (dossier.statement === transcript) return <></>;
  return (
    <>
      <TextArea
        label={t("transcript")}
        name="transcript"
        rows={6}
        maxLength={MOST_CHARACTERS}
        value={text}
        lang={dossier.language}
        hint={t("transcript_by", { engine: dossier.transcriber ?? "" })}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Refusal error={use.error} room={refusalOf} />
      {hasStatement && <p class="muted">{t("replaces")}</p>}
      <button type="button" disabled={use.isRunning || text.trim() === ""} onClick={() => use.run()}>
        {t("use_transcript")}
      </button>
      <div class="gap" />
    </>
  );
}

/** Announce the bytes, send them to their link, and report them. Repeated, the same bytes go to the same recording. */
async function sendRecording(dossierId: string, sound: Blob): Promise<void> {
  const bytes = await sound.arrayBuffer();
  const path = { dossier_id: dossierId };
  const body = { content_type: sound.type.split(";")[0]!, byte_size: bytes.byteLength, sha256: await sha256(bytes) };
  const { upload } = await answer(server.POST("/v1/dossiers/{dossier_id}/recording", { params: { path }, body }));
  // The browser sets the length itself and lets no script name it.
  const headers = Object.entries(upload.headers).filter(([name]) => name.toLowerCase() !== "content-length");
  try {
    await fetch(upload.url, { method: upload.method, headers, body: bytes });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
  // What the store did not take is refused here: it has not arrived.
  await server.POST("/v1/dossiers/{dossier_id}/recording/uploaded", { params: { path } });
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
