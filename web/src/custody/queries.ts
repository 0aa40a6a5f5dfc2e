import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { caseKeys } from '../cases/keys';

/** How many entries a page of the log has. */
export const logPageSize = 100;

/** The first entry of the page of the log that an entry is on. */
export function logPageOf(index: number): number {
  return Math.floor(index / logPageSize) * logPageSize;
}

/** Entries of a case's log from an index on. */
export const logQuery = (caseId: string, from: number, limit = logPageSize) => queryOptions({
  queryKey: caseKeys.logPage(caseId, from, limit),
  placeholderData: keepPreviousData,
  queryFn: () => answer(api.GET('/api/v1/cases/{case}/log', { params: { path: { case: caseId }, query: { from, limit } } })),
});
