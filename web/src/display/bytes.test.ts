import { expect, it } from 'vitest';
import { count, formatBytes } from './bytes';

it.each([
  [0, '0 bytes'], [1, '1 byte'], [1023, '1023 bytes'], [1024, '1.0 KiB'], [1536, '1.5 KiB'],
  [200 * 1024, '200 KiB'], [5 * 2 ** 30, '5.0 GiB'], [3 * 2 ** 50, '3.0 PiB'], [5000 * 2 ** 50, '5000 PiB'],
])('%d bytes is %s', (length, want) => {
  expect(formatBytes(length)).toBe(want);
});

it('counts', () => {
  expect([count(1, 'file'), count(20000, 'file'), count(0, 'entry', 'entries')]).toEqual(['1 file', '20,000 files', '0 entries']);
});
