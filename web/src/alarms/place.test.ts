import { expect, it } from 'vitest';
import type { CaseSummary } from '../api/types';
import { placeOf, registerId } from './place';

const cases = [{ case: { id: 'case-a', number: '2026-0001', title: 'Payroll' } }] as CaseSummary[];

it.each([
  ['an exhibit of mine', { case: 'case-a', item: 'item-x' }, { label: '2026-0001 Payroll', casePath: '/cases/case-a', itemPath: '/cases/case-a/evidence/item-x' }],
  ['a case of mine', { case: 'case-a' }, { label: '2026-0001 Payroll', casePath: '/cases/case-a' }],
  ['an exhibit of others', { case: 'case-b', item: 'item-y' }, { label: 'A case that you are not a member of (case-b)' }],
  ['the register', { case: registerId }, { label: 'The register' }],
  ['a bucket', {}, { label: 'The whole installation' }],
])('says where %s is', (_, alarm, want) => {
  expect(placeOf(alarm, cases)).toEqual(want);
});
