import { describe, expect, it } from 'vitest';
import { fingerprints } from './fingerprint';
import type { ChosenFile } from './model';

const chosen = (name: string, { path = '', size = 1, modified = 1 } = {}): ChosenFile =>
  ({ file: { size, lastModified: modified } as File, name, path });

describe('fingerprints', () => {
  it('knows a file again after a reload', () => {
    expect(fingerprints([chosen('a'), chosen('b')])).toEqual(fingerprints([chosen('a'), chosen('b')]));
  });

  it.each([
    ['name', chosen('b')], ['folder', chosen('a', { path: 'x' })], ['size', chosen('a', { size: 2 })], ['time', chosen('a', { modified: 2 })],
    ['where a folder ends', chosen('x/a')],
  ])('tells files apart by %s', (_, other) => {
    const [first, second] = fingerprints([chosen('a'), other]);
    expect(first).not.toBe(second);
  });

  it('takes no file for another that looks the same', () => {
    const marks = fingerprints([chosen('a'), chosen('a')]);
    const more = fingerprints([chosen('a')], marks);
    expect(new Set([...marks, ...more]).size).toBe(3);
  });
});
