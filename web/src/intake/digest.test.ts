import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { digestBlob, reprDigest } from './digest';
import { emptySha256 } from './model';

/** A blob that never exists as a whole: each slice is made when it is read. */
function huge(size: number): Blob {
  return { size, slice: (start: number, end: number) => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(end - start)) }) } as unknown as Blob;
}

describe('digestBlob', () => {
  it('hashes nothing', async () => {
    expect(await digestBlob(huge(0))).toBe(emptySha256);
  });

  it.each([1, 4 << 20, (4 << 20) + 1, 9 << 20])('hashes %d bytes as others do, block by block', async (size) => {
    const seen: number[] = [];
    const want = createHash('sha256').update(Buffer.alloc(size)).digest('hex');
    expect(await digestBlob(huge(size), (hashed) => seen.push(hashed))).toBe(want);
    expect(seen).toHaveLength(Math.ceil(size / (4 << 20)));
    expect(seen.at(-1)).toBe(size);
  });

  it('says so when a file has become shorter', async () => {
    const cut = { size: 10, slice: () => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)) }) } as unknown as Blob;
    await expect(digestBlob(cut)).rejects.toThrow('shorter');
  });
});

it('writes a digest as Repr-Digest', () => {
  expect(reprDigest(emptySha256)).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
});
