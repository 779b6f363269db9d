import { words } from "../words/words.ts";

export const t = words({
  en: {
    skip: "Skip to content",
    nav: "Main",
    boats: "Boats",
    photos: "Photos",
    inbox: "Inbox",
    account: "Account",
    missing: "There is no such page",
    missing_text: "The address may be old, or was typed wrongly.",
    home: "To the start",
    broken: "This screen did not load",
    broken_text: "Your photos are kept on this device. Reload the app; without a connection, try again later.",
    reload: "Reload",
    offline: "Offline. Photos are kept on this device and sent later.",
  },
  de: {
    skip: "Zum Inhalt",
    nav: "Hauptmenü",
    boats: "Boote",
    photos: "Fotos",
    inbox: "Postfach",
    account: "Konto",
    missing: "Diese Seite gibt es nicht",
    missing_text: "Die Adresse ist vielleicht alt oder falsch getippt.",
    home: "Zum Anfang",
    broken: "Dieser Bildschirm wurde nicht geladen",
    broken_text: "Ihre Fotos liegen auf diesem Gerät. Laden Sie die App neu; ohne Verbindung versuchen Sie es später.",
    reload: "Neu laden",
    offline: "Offline. Fotos bleiben auf diesem Gerät und werden später gesendet.",
  },
});
