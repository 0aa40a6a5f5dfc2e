import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CaseSummary } from '../api/types';
import { caseClasses } from './classes';
import { casesQuery } from './queries';

/** The person's cases as far as they were asked for: a page, more on demand, all of them for a search. */
export function useCases({ all = false } = {}) {
  const query = useInfiniteQuery(casesQuery);
  const { data, error, hasNextPage, isFetching, fetchNextPage } = query;
  const more = all && hasNextPage && !isFetching && !error;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, data, fetchNextPage]); // a page may come before more was ever false
  return { ...query, cases: data?.pages.flatMap((page) => page.items) };
}

/** The cases that a search finds, by number, title, class or state. */
export function findCases(cases: CaseSummary[], search: string): CaseSummary[] {
  const wanted = search.trim().toLowerCase();
  return cases.filter(({ case: c }) => `${c.number} ${c.title} ${caseClasses[c.class].label} ${c.state}`.toLowerCase().includes(wanted));
}
