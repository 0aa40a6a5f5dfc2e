import { describe, expect, it } from 'vitest';
import type { Entry, LogEntry } from '../api/types';
import { detailLines, lookOf } from './acts';
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

it('says everything that an entry says, in a fixed order', () => {
  const e = entry('downloaded', {
    purpose: 'examination', authority: 'Warrant 26-mj-1123', tool: { name: 'sealcase', version: '1.0' }, details: { range_end: '9', ok: 'true', seal_object: 'x/seal' },
  });
  expect(detailLines(e)).toEqual([
    { label: 'Purpose', text: 'examination' }, { label: 'Authority', text: 'Warrant 26-mj-1123' }, { label: 'Tool', text: 'sealcase 1.0' },
    { label: 'Ok', text: 'true' }, { label: 'Range end', text: '9' },
    { label: 'Seal object', text: 'x/seal', plumbing: true },
  ]);
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
