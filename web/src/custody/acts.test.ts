import { describe, expect, it } from 'vitest';
import type { Entry, LogEntry } from '../api/types';
import { lookOf } from './acts';
import { stages } from './CustodyRibbon';

const entry = (act: Entry['act'], more: Partial<Entry> = {}): Entry => ({
  type: 'sealcase/entry/v1', id: `entry-${act}`, case: 'case-1', act, at: '2026-01-02T15:04:05.000Z',
  actor: { id: 'p', name: 'Ida' }, nonce: '0'.repeat(32), ...more,
});
const log = (...entries: Entry[]): LogEntry[] => entries.map((e, index) => ({ index, entry: e }));

describe('lookOf', () => {
  it.each([
    ['a good verification', entry('verified', { details: { outcome: 'equal' } }), 'Verified', 'seal'],
    ['a failed verification by outcome', entry('verified', { details: { outcome: 'differs' } }), 'Verified: differs', 'alarm'],
    ['a quarantine', entry('quarantined'), 'Quarantined', 'alarm'],
  ] as const)('%s', (_, e, label, color) => {
    expect(lookOf(e)).toMatchObject({ label, color });
  });
});

describe('stages', () => {
  const state = (entries: LogEntry[]) => stages(entries).map(({ label, entry: e, bad }) => `${label}:${e ? (bad ? 'bad' : 'done') : 'open'}`);

  it('follows an exhibit', () => {
    expect(state(log(entry('received'), entry('sealed')))).toEqual([
      'Received and locked:done', 'Sealed:done', 'Analysed:open', 'Last verified:open',
    ]);
  });

  it('takes the last verification, not the first', () => {
    const entries = log(entry('verified', { details: { outcome: 'equal' } }), entry('verified', { details: { outcome: 'differs' } }));
    expect(state(entries)).toContain('Verified: differs:bad');
  });

  it('shows a quarantine in the place of the seal', () => {
    expect(state(log(entry('received'), entry('quarantined')))).toContain('Quarantined:bad');
  });
});
