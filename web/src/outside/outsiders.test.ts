import { expect, it } from 'vitest';
import { ago, outsiders } from './outsiders';

it('brings together what each outsider vouched for and how far it is behind', () => {
  const at = '2026-01-02T15:04:05.000Z';
  expect(outsiders({
    anchors: [{ kind: 'witness', by: 'court', size: 40, at }, { kind: 'timestamp', by: 'court', size: 42, at }],
    waiting: [{ kind: 'witness', by: 'court', behind: 2, since: at }, { kind: 'witness', by: 'new', behind: 42, since: at }],
  })).toEqual([
    { kind: 'witness', by: 'court', last: { size: 40, at }, gap: { entries: 2, since: at } },
    { kind: 'witness', by: 'new', gap: { entries: 42, since: at } },
    { kind: 'timestamp', by: 'court', last: { size: 42, at } },
  ]);
});

it.each([
  [10, 'less than a minute'], [60, '1 minute'], [119 * 60, '119 minutes'], [2 * 3600, '2 hours'], [47 * 3600, '47 hours'], [72 * 3600, '3 days'], [-30, 'less than a minute'],
])('%d seconds ago is %s', (seconds, want) => {
  const since = '2026-01-02T15:04:05.000Z';
  expect(ago(since, Date.parse(since) + seconds * 1000)).toBe(want);
});

it('does not invent a time', () => {
  expect(ago('', 0)).toBe('an unknown time');
});
