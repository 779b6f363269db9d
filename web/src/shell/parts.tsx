// The parts that every screen is made of.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { wordsOfError, wordsOfField } from "../words/refusals.ts";
import { words } from "../words/words.ts";
import type { Resource } from "./hooks.ts";

const t = words({
  en: { back: "Back", loading: "Loading…", again: "Try again", more: "Show more" },
  de: { back: "Zurück", loading: "Lädt …", again: "Noch einmal versuchen", more: "Mehr anzeigen" },
});

interface Children {
  children?: ComponentChildren;
}

export function Page({ title, back, children }: Children & { title: string; back?: string }): JSX.Element {
  return (
    <main id="main" tabIndex={-1}>
      <header class="page-head">
        {back !== undefined && (
          <a class="back" href={back} aria-label={t("back")}>
            ‹
          </a>
        )}
        <h1>{title}</h1>
      </header>
      {children}
    </main>
  );
}

export function Card({ title, children, tone }: Children & { title?: string; tone?: Tone }): JSX.Element {
  return (
    <section class={tone ? `card ${tone}` : "card"}>
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </section>
  );
}

export type Tone = "good" | "warn" | "bad" | "calm";

export function Badge({ tone = "calm", children }: Children & { tone?: Tone }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export function Notice({ tone = "calm", children }: Children & { tone?: Tone }): JSX.Element {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }): JSX.Element | null {
  if (error === undefined) return null;
  return (
    <Notice tone="bad">
      <p>{wordsOfError(error)}</p>
      {onRetry && (
        <button type="button" class="quiet" onClick={onRetry}>
          {t("again")}
        </button>
      )}
    </Notice>
  );
}

/** Shows what was loaded; else that it is on its way, or why it did not come. */
export function Loaded<T>({ from, children }: { from: Resource<T>; children: (data: T) => ComponentChildren }): JSX.Element {
  return (
    <>
      <ErrorNotice error={from.error} onRetry={from.reload} />
      {from.data !== undefined ? children(from.data) : from.error === undefined && <p class="muted">{t("loading")}</p>}
    </>
  );
}

type InputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label">;

/** A labelled input; the server's words about it stand below, and a screen reader reads them with it. */
export function Field({ label, hint, error, name, ...input }: InputProps & { label: string; hint?: string; error?: unknown; name: string }): JSX.Element {
  const id = useId();
  const fault = wordsOfField(error, name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} aria-invalid={fault ? true : undefined} aria-describedby={described || undefined} {...input} />
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

export function Choice<Value extends string>({
  label,
  name,
  value,
  options,
  onChange,
}: {
  label: string;
  name: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Switch({ label, checked, onChange, disabled }: { label: string; checked: boolean; onChange: (on: boolean) => void; disabled?: boolean }): JSX.Element {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

export function SubmitButton({ isRunning, children }: Children & { isRunning: boolean }): JSX.Element {
  return (
    <button type="submit" class="main" disabled={isRunning} aria-busy={isRunning}>
      {children}
    </button>
  );
}

/** Calls `send` with the fields of the form. */
export function Form({ send, children }: Children & { send: (fields: Record<string, string>) => void }): JSX.Element {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]);
        send(Object.fromEntries(entries) as Record<string, string>);
      }}
    >
      {children}
    </form>
  );
}

export function LinkList({ items }: { items: readonly { href: string; title: string; note?: ComponentChildren }[] }): JSX.Element {
  return (
    <ul class="links">
      {items.map(({ href, title, note }) => (
        <li key={href}>
          <a href={href}>
            <span>{title}</span>
            {note !== undefined && <span class="note">{note}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

