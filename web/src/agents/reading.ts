import type { Finding } from '../api/types';
import { originOf, type Origin } from './origins';

/** Bytes of an exhibit. */
export interface Span { offset: number; length: number; line: string | undefined }

/** A turn of a conversation, or an act, as an analyzer states it. */
export interface Entry {
  key: string;
  act: boolean;
  origin: Origin;
  kind: string;
  text: string;
  branch: string | undefined;
  details: Record<string, string>;
  at: Span;
  result: Span | undefined;
}

export interface Conversation {
  id: string;
  details: Record<string, string>;
  entries: Entry[];
}

/** What the last run of the analyzer read in a log. */
export interface Reading {
  format: string;
  details: Record<string, string>;
  bad: { why: string; at: Span }[];
  conversations: Conversation[];
  /** How many runs there were: what earlier ones found stays on record. */
  runs: number;
  /** There was more than is kept; only counts speak of it. */
  truncated: boolean;
}

/** Puts findings of the analyzer "session" together, in the order in which they are on record. */
export function readingOf(findings: Finding[]): Reading | undefined {
  let reading: Reading | undefined;
  for (const finding of findings) {
    if (finding.kind === 'agent-log') {
      reading = { format: finding.value, details: detailsOf(finding), bad: [], conversations: [], runs: (reading?.runs ?? 0) + 1, truncated: false };
    } else if (reading) {
      add(reading, finding);
    }
  }
  return reading;
}

function add(reading: Reading, finding: Finding): void {
  const details = detailsOf(finding);
  switch (finding.kind) {
    case 'agent-record-bad':
      reading.bad.push({ why: finding.value, at: spanOf(finding) });
      break;
    case 'agent-session':
      reading.conversations.push({ id: finding.value, details, entries: [] });
      break;
    case 'agent-turn':
    case 'agent-act':
      reading.conversations.at(-1)?.entries.push(entryOf(finding, details));
      break;
    case 'truncated':
      reading.truncated = true;
      break;
  }
}

function entryOf(finding: Finding, details: Record<string, string>): Entry {
  const act = finding.kind === 'agent-act';
  return {
    key: `${finding.analyzer}/${String(finding.index)}`, act, origin: originOf(details.origin), kind: details.kind ?? 'message', text: finding.value,
    branch: details.branch, details, at: spanOf(finding), result: act ? resultOf(details) : undefined,
  };
}

const detailsOf = (finding: Finding): Record<string, string> => finding.details ?? {};

function spanOf(finding: Finding): Span {
  return { offset: finding.offset, length: finding.length, line: finding.details?.line };
}

function resultOf(details: Record<string, string>): Span | undefined {
  const [offset, length] = [Number(details.result_offset), Number(details.result_length)];
  if (details.result_offset === undefined || !Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) return undefined;
  return { offset, length, line: details.result_line };
}

/** Entries that follow each other, on the live branch or off it for one reason. */
export interface Stretch { branch: string | undefined; entries: Entry[] }

/** Splits entries where a branch begins or ends. */
export function stretches(entries: Entry[]): Stretch[] {
  const all: Stretch[] = [];
  for (const entry of entries) {
    const last = all.at(-1);
    if (last && last.branch === entry.branch) last.entries.push(entry);
    else all.push({ branch: entry.branch, entries: [entry] });
  }
  return all;
}

/** The reasons for records that were not read, as the analyzer counted them. */
export function otherReasons(details: Record<string, string>): [reason: string, count: number][] {
  try {
    const reasons: unknown = JSON.parse(details.other_reasons ?? '{}');
    if (typeof reasons !== 'object' || reasons === null) return [];
    return Object.entries(reasons).filter((pair): pair is [string, number] => typeof pair[1] === 'number').sort((a, b) => b[1] - a[1]);
  } catch {
    return [];
  }
}
