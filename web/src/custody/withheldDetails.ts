import type { DetailLine } from './details';

/** What one reason withholds: numbers and ranges, such as "1-200,205". */
interface Group { exhibits?: string; entries?: string; reason: string }

/** What a request for a bundle withholds, a line a reason; undefined for any other detail. */
export function withheldLines(name: string, text: string): DetailLine[] | undefined {
  if (name !== 'withheld' && name !== 'withheld_entries') return undefined;
  return readGroups(text)?.map(({ exhibits, entries, reason }) => ({
    label: exhibits ? `Withheld exhibits ${exhibits}` : `Withheld entries ${entries ?? ''}`, text: reason,
  }));
}

function readGroups(text: string): Group[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every(isGroup) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && 'reason' in value && typeof value.reason === 'string';
}
