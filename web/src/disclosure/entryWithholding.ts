import type { DisclosureRequest, Entry, LogEntry } from '../api/types';

/** Single entries that are left out of a bundle, by index, with the reason that somebody gave. */
export type EntryWithholding = ReadonlyMap<number, { line: LogEntry; reason: string }>;

/** Whether an entry can be left out of a bundle on its own. */
export type Choice =
  | { may: 'choose' }
  | { may: 'never'; why: string }
  | { may: 'with-exhibit'; reason: string };

const always = new Set<Entry['act']>(['roster', 'key', 'opened']);
const ofExhibit = new Set<Entry['act']>(['received', 'sealed', 'quarantined']);

/**
 * What can be decided about an entry (FORMAT.md, section 5.1). exhibits are the
 * exhibits that are withheld, with their reasons: all their entries go with them.
 */
export function choiceOf({ act, item }: Pick<Entry, 'act' | 'item'>, exhibits: ReadonlyMap<string, string>): Choice {
  const reason = item === undefined ? undefined : exhibits.get(item);
  if (reason !== undefined) return { may: 'with-exhibit', reason };
  if (always.has(act)) return { may: 'never', why: 'always in: a reader needs it to check the rest' };
  if (ofExhibit.has(act)) return { may: 'never', why: 'in with its exhibit: withhold the exhibit instead' };
  return { may: 'choose' };
}

/** What is left out on its own, in the order of the log; without what goes with its exhibit anyhow. */
export function chosenEntries(chosen: EntryWithholding, exhibits: ReadonlyMap<string, string>): { line: LogEntry; reason: string }[] {
  return [...chosen.values()].filter(({ line }) => choiceOf(line.entry, exhibits).may === 'choose').sort((a, b) => a.line.index - b.line.index);
}

/** The list for the request. */
export function requestedEntries(chosen: { line: LogEntry; reason: string }[]): NonNullable<DisclosureRequest['withheld_entries']> {
  return chosen.map(({ line: { index }, reason }) => ({ index, reason: reason.trim() }));
}
