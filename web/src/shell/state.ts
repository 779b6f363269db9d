// A value that screens follow.
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get: () => T;
  set: (value: T) => void;
  follow: (changed: () => void) => () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const followers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const changed of followers) changed();
    },
    follow(changed) {
      followers.add(changed);
      return () => followers.delete(changed);
    },
  };
}

export function useStore<T>({ get, follow }: Store<T>): T {
  const [value, setValue] = useState(get);
  useEffect(() => {
    setValue(() => get());
    return follow(() => setValue(() => get()));
  }, [get, follow]);
  return value;
}
