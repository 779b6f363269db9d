// What others say of a surveyor, and reporting what should not stand there.
import { answer, type Schemas } from "@maretech/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { server } from "../api/server.ts";
import { useAction } from "../shell/hooks.ts";
import { Pages } from "../shell/pages.tsx";
import { Card, Form, Notice, SubmitButton } from "../shell/parts.tsx";
import { Refusal } from "../shell/refusal.tsx";
import { TextArea } from "../shell/text-area.tsx";
import { day } from "../words/format.ts";
import { refusalOf, t } from "./words.ts";

type Review = Schemas["Review"];

export function Reviews({ surveyorId }: { surveyorId: string }): JSX.Element {
  const path = { surveyor_id: surveyorId };
  return (
    <Card title={t("reviews")}>
      <Pages name={`reviews ${surveyorId}`} load={(query) => answer(server.GET("/v1/surveyors/{surveyor_id}/reviews", { params: { path, query } }))}>
        {(reviews) =>
          reviews.length === 0 ? (
            <p class="muted">{t("no_review")}</p>
          ) : (
            <ul class="entries">
              {reviews.map((review) => (
                <ReviewEntry key={review.review_id} review={review} />
              ))}
            </ul>
          )
        }
      </Pages>
    </Card>
  );
}

function ReviewEntry({ review }: { review: Review }): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <p>
        <strong>{t("stars", { count: review.rating })}</strong> <span class="muted">{day(review.created_at)}</span>
      </p>
      {review.text && <p class="lines">{review.text}</p>}
      {isOpen ? (
        <Report reviewId={review.review_id} />
      ) : (
        <button type="button" class="quiet" onClick={() => setIsOpen(true)}>
          {t("report")}
        </button>
      )}
    </li>
  );
}

function Report({ reviewId }: { reviewId: string }): JSX.Element {
  const [isSent, setIsSent] = useState(false);
  const report = useAction(async ({ reason = "" }: Record<string, string>) => {
    await server.POST("/v1/reviews/{review_id}/reports", { params: { path: { review_id: reviewId } }, body: { reason: inOneLine(reason) } });
    setIsSent(true);
  });
  if (isSent) return <Notice tone="good">{t("reported")}</Notice>;
  return (
    <Form send={report.run}>
      <TextArea label={t("report_reason")} name="reason" rows={3} maxLength={500} required error={report.error} />
      <Refusal error={report.error} room={refusalOf} />
      <SubmitButton isRunning={report.isRunning}>{t("send_report")}</SubmitButton>
    </Form>
  );
}

/** The server takes what staff read as one line. */
export function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
