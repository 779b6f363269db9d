// Tells every tab, and the worker, that something in this device's database changed.
const CHANNEL = "maretech-queue";

export function announceChange(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

/** Call `changed` after each change. Returns how to stop. */
export function onChange(changed: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = changed;
  return () => channel.close();
}
