import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { maxPage } from '../api/limits';
import { ProblemError, problemFromBody } from '../api/problem';
import { openedBy, recordRead } from '../evidence/queries';
import { itemKeys } from '../evidence/keys';
import type { Span } from './reading';

const analyzer = 'session';

function fetchFindings(item: string, cursor: string, limit: number) {
  return answer(api.GET('/api/v1/evidence/{item}/findings', {
    params: { path: { item }, query: { analyzer, limit, ...(cursor && { cursor }) } },
  }));
}

/** What the logs of agents in an item say, a page at a time. */
export const sessionFindingsQuery = (item: string) => infiniteQueryOptions({
  queryKey: [...itemKeys.findings(item), analyzer],
  initialPageParam: '',
  queryFn: ({ pageParam }) => fetchFindings(item, pageParam, maxPage),
  getNextPageParam: (page) => page.next || undefined,
});

/** Whether an item is a log of an agent: the analyzer states that before anything else. */
export const isAgentLogQuery = (item: string) => queryOptions({
  queryKey: [...itemKeys.findings(item), analyzer, 'first'],
  queryFn: async () => (await fetchFindings(item, '', 1)).items[0]?.details?.product ?? null,
});

/** How many bytes of a record are shown at once. */
export const maxRaw = 1 << 20;

/** Puts on record that a part of an item is read, and reads it. */
export async function readPart(item: string, purpose: string, span: Span): Promise<Uint8Array> {
  const length = Math.min(span.length, maxRaw);
  const ticket = await recordRead(item, purpose, { offset: span.offset, length });
  const response = await fetch(openedBy(item, ticket), { credentials: 'same-origin', headers: { Range: `bytes=${String(span.offset)}-${String(span.offset + length - 1)}` } });
  if (!response.ok) throw new ProblemError(problemFromBody(response.status, await response.text()));
  return new Uint8Array(await response.arrayBuffer());
}
