import type { DetailLine } from './details';

/** What one reason withholds: numbers and ranges, such as "1-200,205". */
interface Group { numbers: string; reason: string }

/** Details of a request that name exhibits or entries by their numbers. */
const kinds: Partial<Record<string, string>> = { withheld: 'exhibits', withheld_entries: 'entries' };

/** What a request for a bundle withholds, a line a reason; undefined for any other detail. */
export function withheldLines(name: string, text: string): DetailLine[] | undefined {
  if (name === 'withheld_with') return [{ label: 'Withheld with these exhibits', text: `the entries ${text}` }];
  const kind = kinds[name];
  return kind ? readGroups(text)?.map(({ numbers, reason }) => ({ label: `Withheld ${kind} ${numbers}`, text: reason })) : undefined;
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
  return typeof value === 'object' && value !== null && 'numbers' in value && typeof value.numbers === 'string' && 'reason' in value && typeof value.reason === 'string';
}
