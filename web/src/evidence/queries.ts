import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { maxPage } from '../api/limits';
import type { Item } from '../api/types';
import { caseKeys } from '../cases/keys';
import { itemKeys } from './keys';

/** How many rows a page of the evidence table has. */
export const evidencePageSize = 50;

/** A page of a case's evidence, by exhibit number, from an exhibit on. */
export const evidenceQuery = (caseId: string, from: number, limit = evidencePageSize) => queryOptions({
  queryKey: caseKeys.evidencePage(caseId, from, limit),
  placeholderData: keepPreviousData,
  queryFn: () => fetchEvidence(caseId, from, limit),
});

/** The cursor of the interface is the number of the first exhibit of the page. */
function fetchEvidence(caseId: string, from: number, limit: number) {
  return answer(api.GET('/api/v1/cases/{case}/evidence', { params: { path: { case: caseId }, query: { cursor: String(from), limit } } }));
}

/** Every item of a case from an exhibit on, page by page. */
export async function* eachItem(caseId: string, from = 1): AsyncGenerator<Item[]> {
  for (let next = from; next > 0;) {
    const page = await fetchEvidence(caseId, next, maxPage);
    yield page.items;
    next = Number(page.next);
  }
}

/** Puts on record that an item is read, or a part of it, and returns the ticket that opens its bytes once. */
export async function recordRead(id: string, purpose: string, part: { offset?: number; length?: number } = {}): Promise<string> {
  return (await answer(api.POST('/api/v1/evidence/{item}/tickets', { params: { path: { item: id } }, body: { purpose, ...part } }))).ticket;
}

/** The address at which a ticket opens the bytes of an item. */
export function openedBy(id: string, ticket: string): string {
  return `/api/v1/evidence/${encodeURIComponent(id)}/content?ticket=${encodeURIComponent(ticket)}`;
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
