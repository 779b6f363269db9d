// The camera: the live picture with the last visit's photo over it, and one large shutter.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../inspections/words.ts";

/** An earlier photo of the same place, laid over the live picture. */
export interface Overlay {
  address: string;
  label: string;
  strength: number;
  onStrength: (strength: number) => void;
}

interface CameraProps {
  title: string;
  hint: string;
  overlay: Overlay | null;
  onTaken: (photo: Blob) => Promise<void>;
  onClose: () => void;
}

// As large as the sensor gives: browsers take the nearest that it has.
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } },
};
const JPEG_QUALITY = 0.92;

export function Camera({ title, hint, overlay, onTaken, onClose }: CameraProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const shutter = useRef<HTMLButtonElement>(null);
  const [fault, setFault] = useState<"refused" | "missing" | null>(null);
  const [isLive, setIsLive] = useState(false);
  const [taken, setTaken] = useState<{ photo: Blob; address: string } | null>(null);
  const [isKeeping, setIsKeeping] = useState(false);

  useEffect(() => {
    let stream: MediaStream | null = null;
    let isOpen = true;
    const start = async (): Promise<void> => {
      try {
        stream = await navigator.mediaDevices.getUserMedia(WANTED);
      } catch (error) {
        setFault(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing");
        return;
      }
      if (isOpen && video.current) video.current.srcObject = stream;
      else stop(stream);
    };
    if (navigator.mediaDevices) void start();
    else setFault("missing"); // a page without https has no camera
    return () => {
      isOpen = false;
      stop(stream);
    };
  }, []);

  useLayoutEffect(() => {
    const opened = dialog.current!;
    opened.showModal(); // the browser keeps the focus inside, closes on Escape, and gives the focus back
    return () => opened.close();
  }, []);

  useEffect(() => shutter.current?.focus(), [isLive, taken]);
  useEffect(() => () => URL.revokeObjectURL(taken?.address ?? ""), [taken]);

  const take = async (): Promise<void> => {
    const photo = await stillOf(video.current!);
    setTaken({ photo, address: URL.createObjectURL(photo) });
  };
  const use = async (): Promise<void> => {
    setIsKeeping(true);
    try {
      await onTaken(taken!.photo);
    } finally {
      setIsKeeping(false);
    }
  };

  return (
    <dialog class="camera" ref={dialog} aria-label={title} onClose={onClose}>
      <header>
        <strong>{title}</strong>
        <p>{fault ? t(fault === "refused" ? "camera_refused" : "camera_missing") : hint}</p>
        {overlay && !taken && !fault && (
          <label>
            {overlay.label}
            <input
              type="range"
              min={0}
              max={100}
              value={overlay.strength}
              onInput={(event) => overlay.onStrength(Number(event.currentTarget.value))}
            />
          </label>
        )}
      </header>
      <div class="view">
        <video ref={video} autoplay playsInline muted hidden={taken !== null} onPlaying={() => setIsLive(true)} />
        {overlay && !taken && <img class="ghost" src={overlay.address} alt="" style={{ opacity: overlay.strength / 100 }} />}
        {taken && <img class="taken" src={taken.address} alt="" />}
      </div>
      <footer>
        {taken ? (
          <>
            <button type="button" class="quiet" disabled={isKeeping} onClick={() => setTaken(null)}>
              {t("retake")}
            </button>
            <button type="button" ref={shutter} disabled={isKeeping} onClick={() => void use()}>
              {t("use")}
            </button>
          </>
        ) : (
          <>
            <button type="button" class="quiet" onClick={onClose}>
              {t("close_camera")}
            </button>
            <button type="button" class="shutter" ref={shutter} aria-label={t("shutter")} disabled={!isLive} onClick={() => void take()} />
          </>
        )}
      </footer>
    </dialog>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

interface StillCamera {
  takePhoto: () => Promise<Blob>;
}

/** A still of the whole sensor where the browser can take one; else the frame that is on the screen. */
async function stillOf(video: HTMLVideoElement): Promise<Blob> {
  const [track] = (video.srcObject as MediaStream).getVideoTracks();
  const StillCamera = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => StillCamera }).ImageCapture;
  if (StillCamera && track) {
    try {
      const still = await new StillCamera(track).takePhoto();
      if (still.type === "image/jpeg") return still;
    } catch {
      // some cameras name a still and cannot take one
    }
  }
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The frame is empty."))), "image/jpeg", JPEG_QUALITY);
  });
}
