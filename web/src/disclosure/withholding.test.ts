import { describe, expect, it } from 'vitest';
import type { Item } from '../api/types';
import { inventory, withheldList, withoutReason } from './withholding';

const item = (id: string, state: Item['state'], length = 10) => ({ id, state, length }) as Item;
const items = [item('a', 'sealed'), item('b', 'sealed', 5), item('c', 'quarantined'), item('d', 'received', 7)];

describe('inventory', () => {
  it('discloses everything but what is quarantined', () => {
    const { disclosed, withheld, pending, bytes } = inventory(items, new Map());
    expect([disclosed, withheld, pending].map((list) => list.map(({ id }) => id))).toEqual([['a', 'b', 'd'], ['c'], ['d']]);
    expect(bytes).toBe(22);
  });

  it('leaves out what somebody withholds', () => {
    const { disclosed, bytes } = inventory(items, new Map([['b', 'privileged'], ['d', '']]));
    expect(disclosed.map(({ id }) => id)).toEqual(['a']);
    expect(bytes).toBe(10);
  });
});

it('gives every item that is out a reason', () => {
  expect(withheldList(items, new Map([['b', ' privileged ']]))).toEqual([{ item: 'b', reason: 'privileged' }, { item: 'c', reason: 'quarantined' }]);
});

it('finds what is out without a reason', () => {
  expect(withoutReason(new Map([['a', ' '], ['b', 'privileged'], ['d', '']]))).toEqual(['a', 'd']);
});
