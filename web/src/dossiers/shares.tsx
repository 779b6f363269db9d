// Links that show the dossier without an account: made for some days, counted, and ended at any time.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { AskFirst } from "../shell/ask.tsx";
import { useAction, useIntentionKey } from "../shell/hooks.ts";
import { Badge, Card, Choice } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { day, dayAndTime } from "../words/format.ts";
import type { Dossier, DossierProps } from "./dossier.tsx";
import { refusalOf, t } from "./words.ts";

type Share = Dossier["shares"][number];

const DAYS = ["7", "14", "30", "90"] as const;

export function Shares({ dossier, reload }: DossierProps): JSX.Element {
  const [days, setDays] = useState<(typeof DAYS)[number]>("14");
  const [key, takeNewKey] = useIntentionKey();
  const open = useAction(async () => {
    const params = { path: { dossier_id: dossier.dossier_id }, header: { "Idempotency-Key": key } };
    await server.POST("/v1/dossiers/{dossier_id}/shares", { params, body: { expires_in_days: Number(days) } });
    takeNewKey();
    reload();
  });
  const choose = (value: (typeof DAYS)[number]): void => {
    setDays(value);
    takeNewKey();
  };
  return (
    <Card title={t("shares")}>
      <p class="muted">{t("shares_text")}</p>
      {dossier.shares.length === 0 ? (
        <p class="muted">{t("no_share")}</p>
      ) : (
        <ul class="entries">
          {dossier.shares.map((share) => (
            <ShareEntry key={share.share_id} share={share} reload={reload} />
          ))}
        </ul>
      )}
      <Choice label={t("days")} name="days" value={days} options={DAYS.map((one) => [one, t("day_count", { count: Number(one) })] as const)} onChange={choose} />
      <Refusal error={open.error} room={refusalOf} />
      <button type="button" disabled={open.isRunning} onClick={() => open.run()}>
        {t("share")}
      </button>
    </Card>
  );
}

function ShareEntry({ share, reload }: { share: Share; reload: () => void }): JSX.Element {
  const isOpen = share.revoked_at === null && Date.parse(share.expires_at) > Date.now();
  const end = useAction(async () => {
    await server.DELETE("/v1/shares/{share_id}", { params: { path: { share_id: share.share_id } } });
    reload();
  });
  return (
    <li>
      <p>
        <Badge tone={isOpen ? "good" : "calm"}>{isOpen ? t("until_date", { date: day(share.expires_at) }) : t("ended")}</Badge>{" "}
        {share.last_viewed_at ? t("views", { count: share.views, time: dayAndTime(share.last_viewed_at) }) : t("no_views")}
      </p>
      {isOpen && (
        <>
          <p>
            <a href={share.url} target="_blank" rel="noopener noreferrer">
              {share.url}
            </a>
          </p>
          <div class="row">
            <Copy text={share.url} />
            <AskFirst label={t("end_share")} yes={t("yes_end")} no={t("keep")} isRunning={end.isRunning} onYes={() => end.run()}>
              <p>{t("end_share_sure")}</p>
              <Refusal error={end.error} />
            </AskFirst>
          </div>
        </>
      )}
    </li>
  );
}

/** Without the right to copy, the link above can be copied by hand: nothing is shown. */
function Copy({ text }: { text: string }): JSX.Element | null {
  const [isCopied, setIsCopied] = useState(false);
  const [isRefused, setIsRefused] = useState(!("clipboard" in navigator));
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
    } catch {
      setIsRefused(true);
    }
  };
  if (isRefused) return null;
  return (
    <>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {t("copy")}
      </button>
      <span role="status">{isCopied && t("copied")}</span>
    </>
  );
}
