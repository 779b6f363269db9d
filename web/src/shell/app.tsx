// The routes of the app, and the frame around every screen.
import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { Fragment, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Home } from "../home/home.tsx";
import { useUnreadCount } from "../notifications/unread.ts";
import { useQueue } from "../queue/store.ts";
import { Register, ResetPassword, SignIn, Verify } from "../session/screens.tsx";
import { session } from "../session/owner.ts";
import { currentLocale } from "../words/words.ts";
import { Missing } from "./missing.tsx";
import { Notice, Page } from "./parts.tsx";
import { useStore } from "./state.ts";
import { t } from "./words.ts";

const Osmosis = lazy(() => import("../modes/osmosis/screens.tsx"));
const Corrosion = lazy(() => import("../modes/corrosion/screens.tsx"));
const Vessels = lazy(() => import("../vessels/screens.tsx"));
const QueueScreen = lazy(() => import("../queue/screen.tsx"));
const Notifications = lazy(() => import("../notifications/screens.tsx"));
const Account = lazy(() => import("../account/screens.tsx"));
const Orders = lazy(() => import("../orders/screens.tsx"));
const Dossiers = lazy(() => import("../dossiers/screens.tsx"));
const Appointments = lazy(() => import("../appointments/screens.tsx"));
const Handovers = lazy(() => import("../handovers/screens.tsx"));

export function App(): JSX.Element {
  const { owner } = useStore(session);
  const locale = useStore(currentLocale);
  const [isBroken, setIsBroken] = useState(false);
  return (
    <LocationProvider scope="/app">
      <Fragment key={locale}>
        <a class="skip" href="#main">
          {t("skip")}
        </a>
        <OfflineNotice />
        <ErrorBoundary onError={() => setIsBroken(true)}>{isBroken ? <Broken /> : owner ? <SignedIn /> : <SignedOut />}</ErrorBoundary>
        {owner && <Navigation />}
      </Fragment>
    </LocationProvider>
  );
}

function SignedOut(): JSX.Element {
  return (
    <Router onRouteChange={showTop}>
      <Route path="/app/register" component={Register} />
      <Route path="/app/reset" component={ResetPassword} />
      <Route default component={SignIn} />
    </Router>
  );
}

function SignedIn(): JSX.Element {
  return (
    <Router onRouteChange={showTop}>
      <Route path="/app/" component={Home} />
      <Route path="/app/verify" component={Verify} />
      <Route path="/app/register" component={Home} />
      <Route path="/app/osmosis" component={Osmosis} />
      <Route path="/app/osmosis/*" component={Osmosis} />
      <Route path="/app/corrosion" component={Corrosion} />
      <Route path="/app/corrosion/*" component={Corrosion} />
      <Route path="/app/vessels" component={Vessels} />
      <Route path="/app/vessels/*" component={Vessels} />
      <Route path="/app/photos" component={QueueScreen} />
      <Route path="/app/notifications" component={Notifications} />
      <Route path="/app/notifications/*" component={Notifications} />
      <Route path="/app/orders" component={Orders} />
      <Route path="/app/orders/*" component={Orders} />
      <Route path="/app/dossiers" component={Dossiers} />
      <Route path="/app/dossiers/*" component={Dossiers} />
      <Route path="/app/appointments" component={Appointments} />
      <Route path="/app/appointments/*" component={Appointments} />
      <Route path="/app/handovers" component={Handovers} />
      <Route path="/app/handovers/*" component={Handovers} />
      <Route path="/app/account" component={Account} />
      <Route path="/app/account/*" component={Account} />
      <Route default component={Missing} />
    </Router>
  );
}

/** A new screen begins at its top, and a screen reader at its heading. */
function showTop(): void {
  scrollTo(0, 0);
  requestAnimationFrame(() => document.getElementById("main")?.focus({ preventScroll: true }));
}

/** A part of the app did not load, or failed. What the owner photographed is not touched. */
function Broken(): JSX.Element {
  return (
    <Page title={t("broken")}>
      <p>{t("broken_text")}</p>
      <button type="button" onClick={() => location.reload()}>
        {t("reload")}
      </button>
    </Page>
  );
}

function OfflineNotice(): JSX.Element | null {
  const [isOnline, setIsOnline] = useState(navigator.onLine);
  useEffect(() => {
    const read = (): void => setIsOnline(navigator.onLine);
    addEventListener("online", read);
    addEventListener("offline", read);
    return () => {
      removeEventListener("online", read);
      removeEventListener("offline", read);
    };
  }, []);
  return isOnline ? null : <Notice tone="warn">{t("offline")}</Notice>;
}

const TABS = [
  ["/app/", "boats", "M3 14h18l-3 6H6zM11 3v9H5zM13 5v7h6z"],
  ["/app/photos", "photos", "M4 7h4l2-3h4l2 3h4v13H4zM12 10a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"],
  ["/app/notifications", "inbox", "M12 3a6 6 0 0 0-6 6v5l-2 3h16l-2-3V9a6 6 0 0 0-6-6zM10 19a2 2 0 0 0 4 0z"],
  ["/app/account", "account", "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21a8 8 0 0 1 16 0z"],
] as const;

function Navigation(): JSX.Element {
  const { path } = useLocation();
  const { photos } = useQueue();
  const waiting = photos.filter((photo) => photo.state !== "ready").length;
  const unread = useUnreadCount();
  return (
    <nav class="tabs" aria-label={t("nav")}>
      {TABS.map(([href, name, icon]) => (
        <a key={href} href={href} aria-current={isCurrent(path, href) ? "page" : undefined}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={icon} />
          </svg>
          {t(name)}
          {name === "photos" && waiting > 0 && <span class="count">{waiting}</span>}
          {name === "inbox" && unread !== "" && <span class="count">{unread}</span>}
        </a>
      ))}
    </nav>
  );
}

function isCurrent(path: string, href: string): boolean {
  return href === "/app/" ? path === "/app" : path.startsWith(href);
}

