// A list that the server gives page by page, newest first.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { words } from "../words/words.ts";
import { useResource } from "./hooks.ts";
import { Loaded } from "./parts.tsx";

const t = words({ en: { older: "Show older" }, de: { older: "Ältere anzeigen" } });

interface PageOf<T> {
  results: T[];
  next: string | null;
}

interface Paged<T> {
  /** Another name is another list. */
  name: string;
  load: (query: { cursor?: string }) => Promise<PageOf<T>>;
  children: (results: T[]) => ComponentChildren;
}

export function Pages<T>({ name, load, children }: Paged<T>): JSX.Element {
  const [cursors, setCursors] = useState<string[]>([]);
  const pages = useResource(`${name} ${cursors.join()}`, async () => {
    const all = await Promise.all([load({}), ...cursors.map((cursor) => load({ cursor }))]);
    return { results: all.flatMap((one) => one.results), next: all.at(-1)!.next };
  });
  return (
    <Loaded from={pages}>
      {({ results, next }) => (
        <>
          {children(results)}
          {next && (
            <button type="button" class="quiet" onClick={() => setCursors([...cursors, new URL(next).searchParams.get("cursor")!])}>
              {t("older")}
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}
