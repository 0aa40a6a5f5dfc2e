import type { Entry } from '../api/types';
import { count } from '../display/bytes';

/** What an entry says of a clock that was behind; empty when its time is in order. */
export function clockNote({ details }: Pick<Entry, 'details'>): string {
  const text = details?.clock;
  if (!text) return '';
  const match = /^(\d+) behind entry (\d+)$/.exec(text);
  const behind = match ? `${count(Number(match[1]), 'second')} behind entry ${Number(match[2]).toLocaleString('en')}` : text;
  return `The clock that gave this time was ${behind}. The order is that of the entry numbers, not of the times.`;
}
