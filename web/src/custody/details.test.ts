import { describe, expect, it } from 'vitest';
import type { Entry } from '../api/types';
import { clockNote } from './clock';
import { detailLines } from './details';

const entry = (act: Entry['act'], more: Partial<Entry> = {}): Entry => ({
  type: 'sealcase/entry/v1', id: `entry-${act}`, case: 'case-1', act, at: '2026-01-02T15:04:05.000Z',
  actor: { id: 'p', name: 'Ida' }, nonce: '0'.repeat(32), ...more,
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

it('names who asked', () => {
  const e = entry('verified', { details: { outcome: 'equal', requested_by: 'p-1', clock: '90 behind entry 3' } });
  expect(detailLines(e, (id) => (id === 'p-1' ? 'Emil Sato' : id))).toEqual([{ label: 'Outcome', text: 'equal' }, { label: 'Requested by', text: 'Emil Sato' }]);
});

it('says what a request withholds and why', () => {
  const details = {
    withheld: '[{"numbers":"1-200,205","reason":"privileged"}]', withheld_entries: '[{"numbers":"17-19","reason":"informant"}]', withheld_with: '4-9,30', log_size: '40',
  };
  expect(detailLines(entry('disclosure-requested', { details }))).toEqual([
    { label: 'Log size', text: '40', plumbing: true },
    { label: 'Withheld exhibits 1-200,205', text: 'privileged' }, { label: 'Withheld entries 17-19', text: 'informant' },
    { label: 'Withheld with these exhibits', text: 'the entries 4-9,30' },
  ]);
  expect(detailLines(entry('disclosed', { details: { withheld: '2' } }))).toEqual([{ label: 'Withheld', text: '2' }]);
});

describe('rosters and keys', () => {
  const own = 'a.example/person/p-1/v1+0a1b2c3d+AQID';
  const worker = 'a.example/worker/v1+ffff0000+BAUG';
  const next = 'a.example/worker/v2+eeee0000+BwgJ';
  const plain = (e: Entry) => detailLines(e).filter((line) => !line.plumbing).map(({ label, text }) => `${label}: ${text}`);
  const full = (e: Entry) => detailLines(e).filter((line) => line.plumbing).map(({ text }) => text);

  it('says who signs with which key', () => {
    const people = [{ id: 'p-1', name: 'Emil Sato', roles: ['examiner'], keys: [own] }, { id: 'p-2', name: 'Ida Vance' }];
    const e = entry('roster', { details: { people: JSON.stringify(people), keys: worker } });
    expect(plain(e)).toEqual(['Emil Sato: examiner · key 0a1b2c3d', 'Ida Vance: no key before the first sign-in', "The agency's key: v1 ffff0000, signs acts of the machine"]);
    expect(full(e)).toEqual([own, worker]);
  });

  it.each(['', '{}', '[1]', '[{"id":"x"}]'])('shows a roster that it cannot read as it is: %s', (people) => {
    expect(detailLines(entry('roster', { details: { people } })).map(({ text }) => text)).toEqual(people ? [people] : []);
  });

  it('says which key follows which', () => {
    const e = entry('key', { details: { old: worker, new: next, old_sig: 's1', new_sig: 's2' } });
    expect(plain(e)).toEqual([
      'From now on: v2 eeee0000, signs acts of the machine', 'Until now: v1 ffff0000, signs acts of the machine',
      'Vouched for: the old key signed the new one, and the new one the old',
    ]);
    expect(full(e)).toEqual([worker, next, 's1', 's2']);
  });

  it('says that a key is the first', () => {
    expect(plain(entry('key', { details: { old: worker, new: worker } }))).toEqual(['First key: v1 ffff0000, signs acts of the machine']);
  });
});

it.each([
  [undefined, ''],
  [{ outcome: 'equal' }, ''],
  [{ clock: '3601 behind entry 1200' }, 'The clock that gave this time was 3,601 seconds behind entry 1,200. The order is that of the entry numbers, not of the times.'],
  [{ clock: 'odd' }, 'The clock that gave this time was odd. The order is that of the entry numbers, not of the times.'],
])('tells of a clock that was behind: %j', (details, want) => {
  expect(clockNote({ ...(details && { details }) })).toBe(want);
});
