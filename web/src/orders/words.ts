import { words } from "../words/words.ts";

export const t = words({
  en: {
    title: "Orders",
    empty: "No order yet.",
    buy: "Confirm your order",
    price: "Price",
    monthly: "every month",
    yearly: "every year",
    policy: "You can cancel within {hours} hours of paying, as long as it is unused.",
    policy_subscription: "It goes on until you end it.",
    pay: "Continue to payment",
    pay_text: "The payment page opens in a new tab. We show here when the payment has arrived.",
    waiting: "Waiting for the payment provider…",
    open_page: "Open the payment page",
    paid: "Paid. Thank you.",
    go_on: "Go on",
    not_paid: "This payment was not made ({status}). Nothing was charged for it.",
    order: "Order of {date}",
    history: "What happened",
    cancel: "Cancel the order",
    cancel_sure: "Cancel this order and get the money back?",
    yes_cancel: "Yes, cancel",
    no_keep: "No, keep it",
    test: "test",
    osmosis_inspection: "One inspection of a fibreglass hull",
    corrosion_monthly: "Subscription for metal hulls, monthly",
    corrosion_yearly: "Subscription for metal hulls, yearly",
    dossier_by_post: "Dossier by post",
    appointment: "Appointment with a surveyor",
    created: "created",
    pending: "waiting for payment",
    status_paid: "paid",
    earned: "used",
    cancelled: "cancelled",
    refunded: "refunded",
    failed: "failed",
    expired: "expired",
    disputed: "disputed",
    lost: "charged back",
  },
  de: {
    title: "Bestellungen",
    empty: "Noch keine Bestellung.",
    buy: "Bestellung bestätigen",
    price: "Preis",
    monthly: "jeden Monat",
    yearly: "jedes Jahr",
    policy: "Sie können innerhalb von {hours} Stunden nach der Zahlung stornieren, solange nichts benutzt wurde.",
    policy_subscription: "Es läuft, bis Sie es beenden.",
    pay: "Weiter zur Zahlung",
    pay_text: "Die Zahlungsseite öffnet sich in einem neuen Tab. Hier steht, wenn die Zahlung angekommen ist.",
    waiting: "Wartet auf den Zahlungsanbieter …",
    open_page: "Zahlungsseite öffnen",
    paid: "Bezahlt. Danke.",
    go_on: "Weiter",
    not_paid: "Diese Zahlung kam nicht zustande ({status}). Dafür wurde nichts berechnet.",
    order: "Bestellung vom {date}",
    history: "Was geschah",
    cancel: "Bestellung stornieren",
    cancel_sure: "Diese Bestellung stornieren und das Geld zurückbekommen?",
    yes_cancel: "Ja, stornieren",
    no_keep: "Nein, behalten",
    test: "Test",
    osmosis_inspection: "Eine Inspektion eines GFK-Rumpfs",
    corrosion_monthly: "Abonnement für Metallrümpfe, monatlich",
    corrosion_yearly: "Abonnement für Metallrümpfe, jährlich",
    dossier_by_post: "Dossier per Post",
    appointment: "Termin mit einem Gutachter",
    created: "angelegt",
    pending: "wartet auf Zahlung",
    status_paid: "bezahlt",
    earned: "benutzt",
    cancelled: "storniert",
    refunded: "erstattet",
    failed: "gescheitert",
    expired: "abgelaufen",
    disputed: "strittig",
    lost: "zurückgebucht",
  },
});

type Key = Parameters<typeof t>[0];

const PRODUCTS: Partial<Record<string, Key>> = {
  osmosis_inspection: "osmosis_inspection",
  corrosion_monthly: "corrosion_monthly",
  corrosion_yearly: "corrosion_yearly",
  dossier_by_post: "dossier_by_post",
  appointment: "appointment",
};
const STATUSES: Partial<Record<string, Key>> = {
  created: "created",
  pending: "pending",
  open: "pending",
  paid: "status_paid",
  earned: "earned",
  cancelled: "cancelled",
  refunded: "refunded",
  failed: "failed",
  expired: "expired",
  disputed: "disputed",
  lost: "lost",
};

/** The name of a product; of one that is newer than this app, its code. */
export function productName(code: string): string {
  const key = PRODUCTS[code];
  return key ? t(key) : code.replaceAll("_", " ");
}

export function statusName(status: string): string {
  const key = STATUSES[status];
  return key ? t(key) : status.replaceAll("_", " ");
}
