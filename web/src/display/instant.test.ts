import { describe, expect, it } from 'vitest';
import { formatInstant, isZone, zoneName } from './instant';

describe('formatInstant', () => {
  it.each([
    ['UTC', '2026-01-02T15:04:05.678Z', 'UTC', '2026-01-02 15:04:05 +00:00'],
    ['winter', '2026-01-02T15:04:05.000Z', 'Europe/Berlin', '2026-01-02 16:04:05 +01:00'],
    ['summer', '2026-07-02T15:04:05.000Z', 'Europe/Berlin', '2026-07-02 17:04:05 +02:00'],
    ['the hour that a clock skips', '2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29 03:00:00 +02:00'],
    ['the hour that comes twice, first', '2026-11-01T05:30:00.000Z', 'America/New_York', '2026-11-01 01:30:00 -04:00'],
    ['the hour that comes twice, again', '2026-11-01T06:30:00.000Z', 'America/New_York', '2026-11-01 01:30:00 -05:00'],
    ['a quarter-hour offset', '2026-01-02T15:04:05.000Z', 'Asia/Kathmandu', '2026-01-02 20:49:05 +05:45'],
    ['midnight', '2026-01-02T00:00:00.000Z', 'UTC', '2026-01-02 00:00:00 +00:00'],
    ['not known', '', 'UTC', ''],
    ['unreadable', 'yesterday', 'UTC', 'yesterday'],
  ])('shows %s', (_, iso, zone, want) => {
    expect(formatInstant(iso, zone)).toBe(want);
  });

  it('shows milliseconds where order matters', () => {
    expect(formatInstant('2026-01-02T15:04:05.078Z', 'UTC', true)).toBe('2026-01-02 15:04:05.078 +00:00');
  });
});

describe('zoneName', () => {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  it.each([
    ['utc', 'Europe/Berlin', 'UTC'],
    ['case', 'Europe/Berlin', 'Europe/Berlin'],
    ['case', undefined, here],
    ['case', 'Mars/Olympus', here],
    ['local', 'Europe/Berlin', here],
  ] as const)('%s with a case in %s is %s', (choice, zone, want) => {
    expect(zoneName(choice, zone)).toBe(want);
  });

  it('knows a zone from nonsense', () => {
    expect([isZone('America/New_York'), isZone('Mars/Olympus')]).toEqual([true, false]);
  });
});
