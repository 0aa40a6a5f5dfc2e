import type { Item, Withheld } from '../api/types';

/** What is left out of a bundle, with the reason that somebody gave. */
export type Withholding = ReadonlyMap<string, string>;

/** The items in and out of a bundle. Quarantined ones are always out: they are not what was declared. */
export function inventory(items: Item[], withholding: Withholding): { disclosed: Item[]; withheld: Item[]; pending: Item[]; bytes: number } {
  const isOut = (item: Item) => item.state === 'quarantined' || withholding.has(item.id);
  const disclosed = items.filter((item) => !isOut(item));
  return {
    disclosed,
    withheld: items.filter(isOut),
    pending: disclosed.filter(({ state }) => state === 'received'),
    bytes: disclosed.reduce((sum, { length }) => sum + length, 0),
  };
}

/** The list for the request. */
export function withheldList(items: Item[], withholding: Withholding): Withheld[] {
  return items.flatMap((item) => {
    const reason = withholding.get(item.id)?.trim() ?? (item.state === 'quarantined' ? 'quarantined' : undefined);
    return reason === undefined ? [] : [{ item: item.id, reason }];
  });
}

/** The items that are left out without a reason: the bundle's reader would not learn why. */
export function withoutReason(withholding: Withholding): string[] {
  return [...withholding].filter(([, reason]) => !reason.trim()).map(([item]) => item);
}
