// What this device keeps until the server has it.
import type { Angle, Mode, Schemas } from "@maretech/client";

/** The owner who is, or was last, signed in on this device. */
export type Owner = Pick<Schemas["User"], "id" | "email" | "email_verified">;
export type Policy = Schemas["CapturePolicy"];
export type CaptureContext = Schemas["CaptureContextRequest"];
export type CaptureMetadata = Schemas["CaptureMetadataRequest"];

/** created → uploading → processing → ready or failed. A failed photo goes on when its owner sends it again. */
export type PhotoState = "created" | "uploading" | "processing" | "ready" | "failed";

/** Why something waits or failed: a code of the server (or of this app), with its reason and words if it gave any. */
export interface Problem {
  code: string;
  reason?: string;
  message?: string;
}

/** One inspection as this device knows it. It may exist here before the server has heard of it. */
export interface Visit {
  id: string;
  ownerId: string;
  mode: Mode;
  createdAt: string;
  vesselId: string | null;
  vesselLabel: string;
  context: CaptureContext;
  policy: Policy;
  inspectionId: string | null;
  /** How many inspections that closed before these photos arrived it had before this one. */
  reopened?: number;
  /** The server's slots by point, as far as they are open. */
  slots: Record<number, string>;
  labels: Record<number, string>;
  submission: "none" | "requested" | "done";
  acceptIncomplete: boolean;
  problem: Problem | null;
}

/** One photo of a visit. Its bytes are kept apart, so that a list of photos costs little memory. */
export interface Photo {
  id: string;
  visitId: string;
  ownerId: string;
  point: number;
  angle: Angle;
  contentType: string;
  byteSize: number;
  sha256: string;
  metadata: CaptureMetadata;
  /** A small picture for this device's screens, as a data-less JPEG. */
  thumbnail: ArrayBuffer | null;
  takenAt: string;
  state: PhotoState;
  /** Grows when the same bytes are announced anew, so that the server does not replay an older answer. */
  round: number;
  /** How often an upload link refused the bytes in this round. */
  refusals: number;
  assetId: string | null;
  problem: Problem | null;
  retakeReasons: string[];
  warnings: string[];
  framing: Schemas["Framing"] | null;
  hasBytes: boolean;
}

/** A photo of the last visit, kept for the camera: its link at the server lives for minutes only. */
export interface GhostPhoto {
  visitId: string;
  point: number;
  angle: Angle;
  takenAt: string;
  picture: ArrayBuffer;
}

/** Why nothing is sent at the moment, and when the device tries again. */
export interface Pause {
  reason: "offline" | "busy" | "signed-out";
  until: number;
}
