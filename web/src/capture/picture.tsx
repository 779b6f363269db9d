// A picture from bytes that this device keeps.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Return an address for these bytes while the screen is open. */
export function useAddress(bytes: ArrayBuffer | null | undefined): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!bytes) return setAddress(null);
    const made = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return address;
}

export function Picture({ bytes, alt }: { bytes: ArrayBuffer | null | undefined; alt: string }): JSX.Element {
  const address = useAddress(bytes);
  return address ? <img class="picture" src={address} alt={alt} /> : <div class="picture" />;
}
