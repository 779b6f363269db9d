// A labelled field of several lines; the server's words about it stand below.
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { wordsOfField } from "../words/refusals.ts";

type AreaProps = Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, "label">;

export function TextArea({ label, hint, error, name, ...area }: AreaProps & { label: string; hint?: string; error?: unknown; name: string }): JSX.Element {
  const id = useId();
  const fault = wordsOfField(error, name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} name={name} rows={4} aria-invalid={fault ? true : undefined} aria-describedby={described || undefined} {...area} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}
