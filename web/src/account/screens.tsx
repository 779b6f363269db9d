// The owner's account: who it is, its settings, and its end.
import { Route, Router } from "preact-iso";
import type { JSX } from "preact";
import { Consents } from "./consents.tsx";
import { ChangeEmail, ChangePassword } from "./credentials.tsx";
import { EraseAccount } from "./erase.tsx";
import { ExportData } from "./export.tsx";
import { Overview } from "./overview.tsx";
import { Security } from "./security.tsx";
import "./style.css";

export default function Account(): JSX.Element {
  return (
    <Router>
      <Route path="/security" component={Security} />
      <Route path="/password" component={ChangePassword} />
      <Route path="/email" component={ChangeEmail} />
      <Route path="/consents" component={Consents} />
      <Route path="/export" component={ExportData} />
      <Route path="/erase" component={EraseAccount} />
      <Route default component={Overview} />
    </Router>
  );
}
