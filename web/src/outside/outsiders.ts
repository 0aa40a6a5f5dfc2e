import type { RegisterStatus } from '../api/types';

/** Somebody outside who watches the register, and how far they are. */
export interface Outsider {
  kind: string;
  by: string;
  /** What they vouched for last: entries of the register, and when; empty where the person is not told. */
  last?: { size?: number; at?: string };
  /** How far they are behind; undefined for one who has seen everything, empty where the person is not told how far. */
  gap?: { entries?: number; since?: string };
}

/** Everybody who watches the register, those who are behind first. */
export function outsiders({ anchors, waiting }: Pick<RegisterStatus, 'anchors' | 'waiting'>): Outsider[] {
  const known = new Map<string, Outsider>();
  const of = (kind: string, by: string) => {
    const key = `${kind} ${by}`;
    const outsider = known.get(key) ?? { kind, by };
    known.set(key, outsider);
    return outsider;
  };
  for (const { kind, by, behind, since } of waiting) of(kind, by).gap = { ...(behind !== undefined && { entries: behind }), ...(since && { since }) };
  for (const { kind, by, size, at } of anchors) of(kind, by).last = { ...(size !== undefined && { size }), ...(at && { at }) };
  return [...known.values()];
}

/** How long ago something was, for people: "4 minutes", "2 hours", "3 days". */
export function ago(since: string, now: number): string {
  const minutes = Math.max(0, Math.round((now - Date.parse(since)) / 60_000));
  if (Number.isNaN(minutes)) return 'an unknown time';
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${String(minutes)} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${String(hours)} hours` : `${String(Math.round(hours / 24))} days`;
}
