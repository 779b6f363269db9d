// This room is not built yet.
import type { JSX } from "preact";
import { Missing } from "../shell/missing.tsx";

export default function Screen(): JSX.Element {
  return <Missing />;
}
