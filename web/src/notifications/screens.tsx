// What the owner was notified of, and how the owner wants to be notified.
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { Inbox } from "./inbox.tsx";
import { OpenNotification } from "./open.tsx";
import { Preferences } from "./preferences.tsx";
import "./style.css";

export default function Notifications(): JSX.Element {
  return (
    <Router>
      <Route path="/open" component={OpenNotification} />
      <Route path="/preferences" component={Preferences} />
      <Route default component={Inbox} />
    </Router>
  );
}
