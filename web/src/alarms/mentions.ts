import type { Place } from './place';

/** A piece of what an alarm says: plain text, or something with a page of its own. */
export interface Piece { text: string; path?: string }

const identifier = /\b(item|intake|disclosure)-[a-z2-7]{26}\b/g;

const folders: Record<string, string> = { item: 'evidence', intake: 'evidence/deliveries', disclosure: 'disclosure' };

/**
 * What an alarm says, with links for what it names. Alarms name everything by identifiers, because people see them who
 * are not members of the case; whoever is one finds names and titles behind the links.
 */
export function piecesOf(what: string, { casePath }: Pick<Place, 'casePath'>): Piece[] {
  if (!casePath) return [{ text: what }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of what.matchAll(identifier)) {
    if (match.index > end) pieces.push({ text: what.slice(end, match.index) });
    pieces.push({ text: match[0], path: `${casePath}/${folders[match[1] ?? ''] ?? ''}/${match[0]}` });
    end = match.index + match[0].length;
  }
  if (end < what.length) pieces.push({ text: what.slice(end) });
  return pieces;
}
