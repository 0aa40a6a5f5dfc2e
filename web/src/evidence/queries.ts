import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Item } from '../api/types';
import { caseKeys } from '../cases/keys';
import { itemKeys } from './keys';

/** How many rows a page of the evidence table has. */
export const evidencePageSize = 50;

/** A page of a case's evidence, by exhibit number; the cursor is the exhibit before the page. */
export const evidenceQuery = (caseId: string, cursor: string, limit = evidencePageSize) => queryOptions({
  queryKey: caseKeys.evidencePage(caseId, cursor, limit),
  placeholderData: keepPreviousData,
  queryFn: () => fetchEvidence(caseId, cursor, limit),
});

export function fetchEvidence(caseId: string, cursor: string, limit: number) {
  const query = cursor ? { cursor, limit } : { limit };
  return answer(api.GET('/api/v1/cases/{case}/evidence', { params: { path: { case: caseId }, query } }));
}

/** Every item of a case from a cursor on, page by page. */
export async function* eachItem(caseId: string, cursor = ''): AsyncGenerator<Item[]> {
  let next = cursor;
  do {
    const page = await fetchEvidence(caseId, next, 500);
    yield page.items;
    next = page.next;
  } while (next);
}

export const itemQuery = (id: string) => queryOptions({
  queryKey: itemKeys.view(id),
  queryFn: () => answer(api.GET('/api/v1/evidence/{item}', { params: { path: { item: id } } })),
});

export const itemLogQuery = (id: string) => queryOptions({
  queryKey: itemKeys.log(id),
  queryFn: async () => (await answer(api.GET('/api/v1/evidence/{item}/log', { params: { path: { item: id } } }))).items,
});

export const findingsQuery = (id: string) => infiniteQueryOptions({
  queryKey: itemKeys.findings(id),
  initialPageParam: '',
  queryFn: ({ pageParam }) => answer(api.GET('/api/v1/evidence/{item}/findings', {
    params: { path: { item: id }, query: pageParam ? { cursor: pageParam, limit: 100 } : { limit: 100 } },
  })),
  getNextPageParam: (page) => page.next || undefined,
});
