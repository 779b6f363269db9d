// The few parts of Node that flow.ts uses.
declare const process: { argv: string[] };
declare module "node:fs" {
  export function readFileSync(path: string): Uint8Array<ArrayBuffer>;
}
declare module "node:crypto" {
  export function createHash(name: string): { update(bytes: Uint8Array): { digest(encoding: "hex"): string } };
}
