// What to tell an owner when the server refused something, or nothing arrived.
import { ApiError, NoAnswer } from "@maretech/client";
import type { Problem } from "../queue/records.ts";
import { words } from "./words.ts";

const t = words({
  en: {
    no_answer: "No connection to the server. Try again when you are online.",
    unknown: "Something went wrong here. Try again.",
    PAYMENT_REQUIRED: "This inspection is paid first.",
    PAYWALL_UI_035: "This is part of the subscription.",
    EMAIL_UNVERIFIED: "Confirm your e-mail address first: we sent you a code.",
    INVALID_CREDENTIALS: "E-mail address and password do not match.",
    EMAIL_TAKEN: "This e-mail address has an account already. Sign in instead.",
    RATE_LIMITED: "Too many tries. Wait a little, then try again.",
    SERVICE_UNAVAILABLE: "The server is busy. Try again in a moment.",
    INSPECTION_CLOSED: "This inspection takes no more photos.",
    NOT_FOUND: "This is not here any more.",
    ANOTHER_IS_OPEN: "Another inspection is still open. Finish or delete it first; these photos stay here.",
    UPLOAD_REFUSED: "The photo did not arrive whole. Send it again.",
    RETAKE: "Take this photo again.",
    VESSEL_IN_HANDOVER: "This boat is being handed over. Nothing can be added until that is done.",
    POINT_LIMIT_REACHED: "This inspection has all its points.",
    STEP_UP_REQUIRED: "Confirm that it is you: enter the code that we send you.",
  },
  de: {
    no_answer: "Keine Verbindung zum Server. Versuchen Sie es wieder, wenn Sie online sind.",
    unknown: "Hier ist etwas schiefgegangen. Versuchen Sie es noch einmal.",
    PAYMENT_REQUIRED: "Diese Inspektion wird vorab bezahlt.",
    PAYWALL_UI_035: "Das gehört zum Abonnement.",
    EMAIL_UNVERIFIED: "Bestätigen Sie zuerst Ihre E-Mail-Adresse: Wir haben Ihnen einen Code geschickt.",
    INVALID_CREDENTIALS: "E-Mail-Adresse und Passwort passen nicht zusammen.",
    EMAIL_TAKEN: "Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich an.",
    RATE_LIMITED: "Zu viele Versuche. Warten Sie etwas und versuchen Sie es dann wieder.",
    SERVICE_UNAVAILABLE: "Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.",
    INSPECTION_CLOSED: "Diese Inspektion nimmt keine Fotos mehr an.",
    NOT_FOUND: "Das gibt es nicht mehr.",
    ANOTHER_IS_OPEN:
      "Eine andere Inspektion ist noch offen. Beenden oder löschen Sie diese zuerst; die Fotos hier bleiben erhalten.",
    UPLOAD_REFUSED: "Das Foto kam nicht vollständig an. Senden Sie es noch einmal.",
    RETAKE: "Nehmen Sie dieses Foto noch einmal auf.",
    VESSEL_IN_HANDOVER: "Dieses Boot wird gerade übergeben. Bis dahin kann nichts hinzukommen.",
    POINT_LIMIT_REACHED: "Diese Inspektion hat alle ihre Punkte.",
    STEP_UP_REQUIRED: "Bestätigen Sie, dass Sie es sind: mit dem Code, den wir Ihnen schicken.",
  },
});

type Known = Parameters<typeof t>[0];
const KNOWN: ReadonlySet<string> = new Set<Known>([
  "PAYMENT_REQUIRED",
  "PAYWALL_UI_035",
  "EMAIL_UNVERIFIED",
  "INVALID_CREDENTIALS",
  "EMAIL_TAKEN",
  "RATE_LIMITED",
  "SERVICE_UNAVAILABLE",
  "INSPECTION_CLOSED",
  "NOT_FOUND",
  "ANOTHER_IS_OPEN",
  "UPLOAD_REFUSED",
  "RETAKE",
  "VESSEL_IN_HANDOVER",
  "POINT_LIMIT_REACHED",
  "STEP_UP_REQUIRED",
]);

function isKnown(code: string | undefined): code is Known {
  return code !== undefined && KNOWN.has(code);
}

/** The most exact words we have: those of the reason, of the code, the server's own sentence, or a general one. */
export function wordsOfProblem({ code, reason, message }: Problem): string {
  if (isKnown(reason)) return t(reason);
  if (isKnown(code)) return t(code);
  return message ?? t("unknown");
}

export function wordsOfError(error: unknown): string {
  if (error instanceof NoAnswer) return t("no_answer");
  if (!(error instanceof ApiError)) return t("unknown");
  const fields = Object.values(error.body.fields ?? {}).flat();
  const { code, reason, message } = error;
  if (code === "VALIDATION_ERROR" && fields.length > 0) return fields.join(" ");
  return wordsOfProblem({ code, message, ...(reason ? { reason } : {}) });
}

/** The server's words about one field of a form; they are English, like its other sentences. */
export function wordsOfField(error: unknown, name: string): string | undefined {
  return error instanceof ApiError ? error.body.fields?.[name]?.join(" ") : undefined;
}

