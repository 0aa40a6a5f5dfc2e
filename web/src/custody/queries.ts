import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { caseKeys } from '../cases/keys';

/** How many entries a page of the log has. */
export const logPageSize = 100;

/** Entries of a case's log from an index on. */
export const logQuery = (caseId: string, from: number, limit = logPageSize) => queryOptions({
  queryKey: caseKeys.logPage(caseId, from, limit),
  placeholderData: keepPreviousData,
  queryFn: () => answer(api.GET('/api/v1/cases/{case}/log', { params: { path: { case: caseId }, query: { from, limit } } })),
});
