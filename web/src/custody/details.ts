import type { Entry } from '../api/types';
import { keyLines, rosterLines } from './keyDetails';

/** One thing that an entry says. */
export interface DetailLine {
  label: string;
  text: string;
  /** Where and how it is stored: for whoever checks, in the way of whoever reads. */
  plumbing?: boolean;
}

const plumbing = new Set([
  'intake', 'object', 'object_version', 'seal_object', 'seal_version', 'seal_sha256', 'locked_until', 'note_sha256', 'root', 'old_sig', 'new_sig',
]);

/** Details that have their own place on the page. */
const elsewhere = new Set(['clock']);

/** The details of an entry as lines for people, in a fixed order. nameOf names a person of the case. */
export function detailLines(entry: Entry, nameOf: (person: string) => string = (person) => person): DetailLine[] {
  const { purpose, authority, tool, details = {} } = entry;
  const first = [
    line('purpose', purpose),
    line('authority', authority),
    line('tool', tool && [tool.name, tool.version, tool.parameters].filter(Boolean).join(' ')),
  ];
  return [...first, ...actLines(entry, details, nameOf)].filter(({ text }) => text !== '');
}

function actLines(entry: Entry, details: Record<string, string>, nameOf: (person: string) => string): DetailLine[] {
  if (entry.act === 'roster') return rosterLines(details);
  if (entry.act === 'key') return keyLines(details);
  return Object.entries(details).filter(([name]) => !elsewhere.has(name)).sort(([a], [b]) => a.localeCompare(b))
    .map(([name, text]) => line(name, name === 'requested_by' ? nameOf(text) : text));
}

/** A detail under its own name: "seal_object" is "Seal object". */
export function line(name: string, text = ''): DetailLine {
  const label = name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[_-]/g, ' ');
  return { label, text, ...(plumbing.has(name) && { plumbing: true }) };
}
