// How screens ask the server: what it answered, what it is doing, and what went wrong.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Resource<T> {
  data: T | undefined;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

/** What a loader returns to be asked again: the answer, and after how many seconds. */
export class Again<T> {
  readonly data: T;
  readonly seconds: number;

  constructor(data: T, seconds: number) {
    this.data = data;
    this.seconds = seconds;
  }
}

/** Load something whenever `key` changes, and again as long as the answer is `Again`. The last answer stays on show. */
export function useResource<T>(key: string, load: () => Promise<T | Again<T>>): Resource<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: unknown; isLoading: boolean }>({ key, isLoading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState((before) => (before.key === key ? { ...before, isLoading: true } : { key, isLoading: true }));
    latest.current().then(
      (answer) => {
        if (!isCurrent) return;
        const data = answer instanceof Again ? answer.data : answer;
        setState({ key, data, isLoading: false });
        if (answer instanceof Again) timer = setTimeout(() => setTurn((now) => now + 1), answer.seconds * 1000);
      },
      (error: unknown) => {
        if (isCurrent) setState((before) => ({ ...before, error, isLoading: false }));
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, turn]);
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  const isSame = state.key === key;
  return {
    data: isSame ? state.data : undefined,
    error: isSame ? state.error : undefined,
    isLoading: state.isLoading || !isSame,
    reload,
  };
}

export interface Action<Arguments extends unknown[]> {
  run: (...given: Arguments) => void;
  isRunning: boolean;
  error: unknown;
}

/** Do something once at a time. What it throws is kept for the screen to show. */
export function useAction<Arguments extends unknown[]>(act: (...given: Arguments) => Promise<void>): Action<Arguments> {
  const [state, setState] = useState<{ isRunning: boolean; error: unknown }>({ isRunning: false, error: undefined });
  const isBusy = useRef(false);
  const run = (...given: Arguments): void => {
    if (isBusy.current) return;
    isBusy.current = true;
    setState({ isRunning: true, error: undefined });
    act(...given)
      .then(
        () => setState({ isRunning: false, error: undefined }),
        (error: unknown) => setState({ isRunning: false, error }),
      )
      .finally(() => {
        isBusy.current = false;
      });
  };
  return { run, ...state };
}

/** A key for one intention of the owner: the same while a call is repeated, another for the next. */
export function useIntentionKey(): [string, () => void] {
  const [key, setKey] = useState(() => crypto.randomUUID() as string);
  return [key, () => setKey(crypto.randomUUID())];
}
