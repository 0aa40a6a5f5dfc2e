import type { Entry } from '../api/types';
import { keyLines, rosterLines } from './keyDetails';
import { withheldLines } from './withheldDetails';

/** One thing that an entry says. */
export interface DetailLine {
  label: string;
  text: string;
  /** Where and how it is stored: for whoever checks, in the way of whoever reads. */
  plumbing?: boolean;
}

const plumbing = new Set([
  'bucket', 'bundle_sha256', 'disclosure', 'first_exhibit', 'intake', 'locked_until', 'log_size', 'new_sig', 'note_sha256', 'object', 'object_version', 'old_sig', 'person',
  'request', 'root', 'seal_object', 'seal_sha256', 'seal_version', 'tagmanifest_sha256', 'upload', 'version',
]);

/** Details that name a person by identifier. */
const people = new Set(['received_by', 'requested_by']);

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
    .flatMap(([name, text]) => withheldLines(name, text) ?? [line(name, people.has(name) ? nameOf(text) : text)]);
}

/** A detail under its own name: "seal_object" is "Seal object". */
export function line(name: string, text = ''): DetailLine {
  const label = name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[_-]/g, ' ');
  return { label, text, ...(plumbing.has(name) && { plumbing: true }) };
}
