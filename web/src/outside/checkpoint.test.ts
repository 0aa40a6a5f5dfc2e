import { describe, expect, it } from 'vitest';
import { readCheckpoint } from './checkpoint';

const root = 'qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=';
const own = btoa('\0'.repeat(68));

/** A cosignature of a time, with a signature of nothing. */
function cosignature(seconds: number): string {
  const time = Array.from({ length: 8 }, (_, i) => String.fromCharCode(Math.floor(seconds / 256 ** (7 - i)) % 256)).join('');
  return btoa(`keyi${time}${'s'.repeat(64)}`);
}

const note = (...lines: string[]) => `agency.example/register\n42\n${root}\n\n${lines.map((line) => `— ${line}\n`).join('')}`;

describe('readCheckpoint', () => {
  it('tells the witnesses from the log itself', () => {
    expect(readCheckpoint(note(`agency.example/register ${own}`, `court.example/witness ${cosignature(1767366245)}`, `auditor ${cosignature(0)}`))).toEqual({
      origin: 'agency.example/register', size: 42, root,
      cosigned: [{ by: 'court.example/witness', at: '2026-01-02T15:04:05.000Z' }, { by: 'auditor', at: '1970-01-01T00:00:00.000Z' }],
    });
  });

  it.each([
    ['a line of another kind', `other ${own}`],
    ['no base64', 'other ***'],
    ['a time that no calendar has', `other ${cosignature(2 ** 60)}`],
  ])('passes over %s', (_, line) => {
    expect(readCheckpoint(note(line))?.cosigned).toEqual([]);
  });

  it.each(['', 'agency.example/register', 'agency.example/register\nmany\nroot\n\n', '{}'])('%j is no checkpoint', (text) => {
    expect(readCheckpoint(text)).toBeUndefined();
  });
});
