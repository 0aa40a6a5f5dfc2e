import { describe, expect, it } from 'vitest';
import type { Entry, LogEntry } from '../api/types';
import { choiceOf, chosenEntries, type EntryWithholding } from './entryWithholding';

const exhibits = new Map([['item-w', 'privileged']]);

describe('choiceOf', () => {
  it.each([
    ['roster', undefined, 'never'], ['key', undefined, 'never'], ['opened', undefined, 'never'],
    ['received', 'item-a', 'never'], ['sealed', 'item-a', 'never'], ['quarantined', 'item-a', 'never'],
    ['received', 'item-w', 'with-exhibit'], ['viewed', 'item-w', 'with-exhibit'],
    ['viewed', 'item-a', 'choose'], ['analysed', 'item-a', 'choose'], ['transitioned', undefined, 'choose'], ['disclosed', undefined, 'choose'],
  ] as const)('%s of %s: %s', (act, item, want) => {
    expect(choiceOf({ act, ...(item && { item }) }, exhibits).may).toBe(want);
  });
});

it('lists what is left out, in the order of the log', () => {
  const line = (index: number, act: Entry['act'], item?: string) => ({ index, entry: { act, ...(item && { item }) } }) as LogEntry;
  const chosen: EntryWithholding = new Map([
    [9, { line: line(9, 'viewed', 'item-a'), reason: 'informant' }],
    [4, { line: line(4, 'viewed', 'item-w'), reason: 'given before its exhibit was withheld' }],
    [2, { line: line(2, 'transitioned'), reason: '' }],
  ]);
  expect(chosenEntries(chosen, exhibits).map(({ line: { index }, reason }) => [index, reason])).toEqual([[2, ''], [9, 'informant']]);
});
