// From a file or a still to what the queue keeps.
import type { CaptureMetadata, Policy } from "../queue/records.ts";

const THUMBNAIL_PX = 320;
const BY_ENDING: Record<string, string> = { heic: "image/heic", heif: "image/heif", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png" };

export class UnusableFile extends Error {
  readonly fault: "type" | "size";

  constructor(fault: "type" | "size") {
    super(fault);
    this.fault = fault;
  }
}

export interface PhotoFile {
  bytes: ArrayBuffer;
  contentType: string;
  thumbnail: ArrayBuffer | null;
  metadata: CaptureMetadata;
}

/** Read a file within the policy. Throws `UnusableFile` while its owner still stands at the hull. */
export async function readPhoto(file: Blob, policy: Policy): Promise<PhotoFile> {
  const contentType = typeOf(file);
  const { content_types: types, max_bytes: limit } = policy.constraints;
  if (!types.includes(contentType.replace("image/heif", "image/heic").replace("image/jpg", "image/jpeg"))) throw new UnusableFile("type");
  if (file.size > limit || file.size === 0) throw new UnusableFile("size");
  const takenAt = file instanceof File && file.lastModified ? new Date(file.lastModified) : new Date();
  return {
    bytes: await file.arrayBuffer(),
    contentType,
    thumbnail: await thumbnailOf(file),
    metadata: { captured_at: takenAt.toISOString(), app_version: "web" },
  };
}

/** Some phones give a file no type: its name tells. */
function typeOf(file: Blob): string {
  if (file.type) return file.type.toLowerCase();
  const ending = file instanceof File ? file.name.split(".").pop()?.toLowerCase() : undefined;
  return BY_ENDING[ending ?? ""] ?? "application/octet-stream";
}

/** A small copy for the screen; none for a format that this browser cannot draw. */
async function thumbnailOf(file: Blob): Promise<ArrayBuffer | null> {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: THUMBNAIL_PX, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d")!.drawImage(picture, 0, 0);
    picture.close();
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return (await blob?.arrayBuffer()) ?? null;
  } catch {
    return null;
  }
}
