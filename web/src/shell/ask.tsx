// A button that asks, in the page, before it does what cannot be undone.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Asked {
  label: string;
  yes: string;
  no: string;
  isRunning: boolean;
  onYes: () => void;
  /** The look of the button; red for what takes something away. */
  look?: "danger" | "main" | "quiet";
  /** The question, and what went wrong with the answer. */
  children: ComponentChildren;
}

export function AskFirst({ label, yes, no, isRunning, onYes, look = "danger", children }: Asked): JSX.Element {
  const [asks, setAsks] = useState(false);
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asks) question.current?.focus();
  }, [asks]);
  if (!asks) {
    return (
      <button type="button" class={look} onClick={() => setAsks(true)}>
        {label}
      </button>
    );
  }
  return (
    <div class="notice warn" role="group" aria-label={label} tabIndex={-1} ref={question}>
      {children}
      <div class="row">
        <button type="button" class={look === "danger" ? "danger" : ""} disabled={isRunning} aria-busy={isRunning} onClick={onYes}>
          {yes}
        </button>
        <button type="button" class="quiet" onClick={() => setAsks(false)}>
          {no}
        </button>
      </div>
    </div>
  );
}
