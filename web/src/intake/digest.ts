import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** How much of a file is read at once. */
const block = 4 << 20;

/**
 * The SHA-256 of a file in hexadecimal, read block by block: a file of any size
 * takes the memory of one. Runs in a worker (digest.worker.ts).
 */
export async function digestBlob(blob: Blob, onProgress: (hashed: number) => void = () => undefined): Promise<string> {
  const hash = sha256.create();
  for (let offset = 0; offset < blob.size; ) {
    const bytes = new Uint8Array(await blob.slice(offset, Math.min(offset + block, blob.size)).arrayBuffer());
    if (bytes.length === 0) throw new DOMException('The file is shorter than it was when it was chosen.', 'NotReadableError');
    hash.update(bytes);
    offset += bytes.length;
    onProgress(offset);
  }
  return bytesToHex(hash.digest());
}

/** A digest as the Repr-Digest field has it (RFC 9530): "sha-256=:BASE64:". */
export function reprDigest(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return `sha-256=:${btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))}:`;
}
