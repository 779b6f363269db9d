// Recording a voice in the browser, for at most a given time. The sound stays on this device until it is sent.
import { useEffect, useRef, useState } from "preact/hooks";

export type RecorderFault = "refused" | "missing" | "unsupported";

export interface Recorder {
  phase: "idle" | "asking" | "recording" | "recorded";
  seconds: number;
  recorded: Blob | null;
  fault: RecorderFault | null;
  start: () => void;
  stop: () => void;
}

const TYPES = ["audio/webm;codecs=opus", "audio/webm", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS_PER_SECOND = 64_000; // speech, and five minutes far below the largest file
const TICK_MS = 200;

export function useRecorder(mostSeconds: number): Recorder {
  const [state, setState] = useState<Omit<Recorder, "start" | "stop">>({ phase: "idle", seconds: 0, recorded: null, fault: null });
  const current = useRef<MediaRecorder | null>(null);
  const isGone = useRef(false);

  useEffect(
    () => () => {
      isGone.current = true;
      release(current.current);
    },
    [],
  );
  useEffect(() => {
    if (state.phase !== "recording") return;
    const began = Date.now();
    const timer = setInterval(() => {
      const seconds = (Date.now() - began) / 1000;
      setState((before) => ({ ...before, seconds }));
      if (seconds >= mostSeconds) current.current?.stop();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [state.phase, mostSeconds]);

  const start = async (): Promise<void> => {
    setState({ phase: "asking", seconds: 0, recorded: null, fault: null });
    const opened = await openMicrophone();
    if (typeof opened === "string") return setState({ phase: "idle", seconds: 0, recorded: null, fault: opened });
    if (isGone.current) return release(opened);
    current.current = opened;
    const chunks: Blob[] = [];
    opened.ondataavailable = ({ data }) => chunks.push(data);
    opened.onstop = () => {
      release(opened);
      if (!isGone.current) setState((before) => ({ ...before, phase: "recorded", recorded: new Blob(chunks, { type: opened.mimeType }) }));
    };
    opened.start();
    setState((before) => ({ ...before, phase: "recording" }));
  };
  return { ...state, start: () => void start(), stop: () => current.current?.stop() };
}

/** Returns why there is none, if the browser cannot or may not. */
async function openMicrophone(): Promise<MediaRecorder | RecorderFault> {
  const devices = navigator.mediaDevices as MediaDevices | undefined; // absent without https
  if (!devices || typeof MediaRecorder === "undefined") return "unsupported";
  try {
    const stream = await devices.getUserMedia({ audio: true });
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    return new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: BITS_PER_SECOND });
  } catch (error) {
    const isRefused = error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "SecurityError");
    return isRefused ? "refused" : "missing";
  }
}

/** The browser shows that it listens for as long as a track is open. */
function release(recorder: MediaRecorder | null): void {
  for (const track of recorder?.stream.getTracks() ?? []) track.stop();
}
