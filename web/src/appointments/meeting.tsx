// At the boat: the code that the surveyor scans, and the dossier that goes with the appointment.
import { answer, ApiError } from "@maretech/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction } from "../shell/hooks.ts";
import { Card } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import type { Appointment } from "./appointment.tsx";
import { refusalOf, t } from "./words.ts";

const RENEW_MS = 50_000; // a code is valid for 60 s

export function Code({ appointment }: { appointment: Appointment }): JSX.Element {
  const [isShown, setIsShown] = useState(false);
  return (
    <Card title={t("code")}>
      <p class="muted">{t("code_text")}</p>
      {isShown && <Picture id={appointment.appointment_id} />}
      <button type="button" class="quiet" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>
        {t(isShown ? "hide_code" : "show_code")}
      </button>
    </Card>
  );
}

/** A new code every 50 s, and at once when the phone wakes up: an old one is no use to the surveyor. */
function Picture({ id }: { id: string }): JSX.Element {
  const [address, setAddress] = useState<string | null>(null);
  const fetching = useAction(async () => {
    const params = { path: { appointment_id: id }, query: { picture: "svg" as const } };
    const picture = await answer(server.GET("/v1/appointments/{appointment_id}/qr", { params, parseAs: "blob" }));
    setAddress(URL.createObjectURL(picture as Blob));
  });
  const { run } = fetching;
  useEffect(() => {
    let renewedAt = 0;
    const renew = (): void => {
      renewedAt = Date.now();
      run();
    };
    const wake = (): void => {
      if (document.visibilityState === "visible" && Date.now() - renewedAt > RENEW_MS) renew();
    };
    renew();
    const timer = setInterval(renew, RENEW_MS);
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [id]);
  useEffect(() => () => URL.revokeObjectURL(address ?? ""), [address]);
  return (
    <>
      <Refusal error={fetching.error} room={refusalOf} />
      {address && !fetching.error && <img class="qr" src={address} alt={t("code_alt")} />}
    </>
  );
}

export function AttachedDossier({ appointment }: { appointment: Appointment }): JSX.Element {
  const id = appointment.appointment_id;
  const download = useAction(async () => {
    const params = { path: { appointment_id: id } };
    const pdf = await answer(server.GET("/v1/appointments/{appointment_id}/dossier", { params, parseAs: "blob" }));
    save(pdf as Blob, `dossier-${id}.pdf`);
  });
  const isGone = download.error instanceof ApiError && download.error.status === 404;
  return (
    <Card title={t("dossier")}>
      {isGone ? <p>{t("dossier_gone")}</p> : <Refusal error={download.error} room={refusalOf} />}
      <button type="button" class="quiet" disabled={download.isRunning} onClick={() => download.run()}>
        {t("open_dossier")}
      </button>
    </Card>
  );
}

/** Hand the bytes to the browser's downloads: a link could not carry the token. */
function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), RENEW_MS);
}
