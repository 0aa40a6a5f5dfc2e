import { expect, it } from 'vitest';
import type { Finding } from '../api/types';
import { rawText } from './raw';
import { otherReasons, readingOf, stretches } from './reading';

let index = 0;
const finding = (kind: string, value: string, details: Record<string, string> = {}, offset = 0): Finding =>
  ({ item: 'item-1', analyzer: 'session/1', index: index++, kind, value, offset, length: 10, details });

it('puts turns and acts below the session that they belong to', () => {
  const reading = readingOf([
    finding('agent-log', 'codex', { records: '4' }),
    finding('agent-record-bad', 'not JSON', { line: '3' }, 30),
    finding('agent-session', 's-1'), finding('agent-turn', 'hello', { origin: 'human' }), finding('agent-act', '{}', { origin: 'agent', result_offset: '7', result_length: '8', result_line: '2' }),
    finding('agent-session', 's-2'), finding('agent-turn', 'there', { origin: 'injected', branch: 'rewound' }),
    finding('truncated', '10000'),
  ]);
  expect(reading?.conversations.map(({ id, entries }) => [id, entries.map(({ text, origin, act }) => [text, origin, act])])).toEqual([
    ['s-1', [['hello', 'human', false], ['{}', 'agent', true]]], ['s-2', [['there', 'injected', false]]],
  ]);
  expect(reading?.conversations[0]?.entries[1]?.result).toEqual({ offset: 7, length: 8, line: '2' });
  expect(reading?.bad).toEqual([{ why: 'not JSON', at: { offset: 30, length: 10, line: '3' } }]);
  expect(reading?.truncated).toBe(true);
});

it('shows what the last run found', () => {
  const reading = readingOf([finding('agent-log', 'codex'), finding('agent-session', 'old'), finding('agent-log', 'codex'), finding('agent-session', 'new')]);
  expect(reading?.conversations.map(({ id }) => id)).toEqual(['new']);
  expect(reading?.runs).toBe(2);
});

it('takes an origin that it does not know for unknown, never for a person', () => {
  const reading = readingOf([finding('agent-log', 'x'), finding('agent-session', 's'), ...['HUMAN', 'constructor', '', 'toString'].map((origin) => finding('agent-turn', 'a', { origin })), finding('agent-turn', 'a')]);
  expect(reading?.conversations[0]?.entries.map(({ origin }) => origin)).toEqual(Array<string>(5).fill('unknown'));
});

it('says nothing of an exhibit without a log', () => {
  expect(readingOf([])).toBeUndefined();
  expect(readingOf([finding('agent-turn', 'stray')])).toBeUndefined();
});

it('splits a conversation where a branch begins and ends', () => {
  const reading = readingOf([
    finding('agent-log', 'x'), finding('agent-session', 's'),
    ...['', 'rewound', 'rewound', 'replaced', ''].map((branch) => finding('agent-turn', branch, { origin: 'agent', ...(branch && { branch }) })),
  ]);
  expect(stretches(reading?.conversations[0]?.entries ?? []).map(({ branch, entries }) => [branch, entries.length])).toEqual([[undefined, 1], ['rewound', 2], ['replaced', 1], [undefined, 1]]);
});

it('reads reasons that hostile findings may have broken', () => {
  expect(otherReasons({ other_reasons: '{"a":1,"b":3,"c":"x"}' })).toEqual([['b', 3], ['a', 1]]);
  for (const text of ['', 'null', '[', '"x"', '7']) expect(otherReasons({ other_reasons: text })).toEqual([]);
});

it('makes hidden characters of raw bytes visible and keeps lines', () => {
  expect(rawText(new TextEncoder().encode('a\u202eb\r\n\tbase64:c\u0000'))).toBe('a\\u{202e}b\\u{d}\n\tbase64:c\\u{0}');
  expect(rawText(Uint8Array.from([0x61, 0xff]))).toBe('a\ufffd');
});
