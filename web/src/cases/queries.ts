import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { CaseState, ClassChangeRequest, OpenCaseRequest } from '../api/types';
import { caseKeys } from './keys';

/** How many cases a page of the list has. */
const casesPageSize = 50;

/** The cases of which the person is a member, the one that they became a member of last first, page by page. */
export const casesQuery = infiniteQueryOptions({
  queryKey: caseKeys.list(),
  initialPageParam: '',
  queryFn: ({ pageParam }) => answer(api.GET('/api/v1/cases', {
    params: { query: pageParam ? { cursor: pageParam, limit: casesPageSize } : { limit: casesPageSize } },
  })),
  getNextPageParam: (page) => page.next || undefined,
});

/** A case with its counts and members. */
export const caseQuery = (id: string) => queryOptions({
  queryKey: caseKeys.detail(id),
  queryFn: () => answer(api.GET('/api/v1/cases/{case}', { params: { path: { case: id } } })),
});

/** Opens a case. The key makes a repeated request, after a lost answer, open it once. */
export function useOpenCase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: OpenCaseRequest & { key: string }) =>
      answer(api.POST('/api/v1/cases', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: caseKeys.list() }),
  });
}

export function useAddMember(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (login: string) =>
      answer(api.POST('/api/v1/cases/{case}/members', { params: { path: { case: id } }, body: { login } })),
    onSuccess: () => client.invalidateQueries({ queryKey: caseKeys.of(id) }),
  });
}

/** Brings a case into another state, unless somebody else changed it since version was read. */
export function useTransition(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ to, reason, version }: { to: CaseState; reason: string; version: number }) =>
      answer(api.POST('/api/v1/cases/{case}/transitions', {
        params: { path: { case: id }, header: { 'If-Match': `"v${String(version)}"` } }, body: { to, reason },
      })),
    onSettled: () => client.invalidateQueries({ queryKey: caseKeys.all }),
  });
}

/** Changes who may know of a case, or asks for it, unless somebody else changed the case since version was read. */
export function useChangeClass(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...body }: ClassChangeRequest & { version: number }) =>
      answer(api.POST('/api/v1/cases/{case}/class', {
        params: { path: { case: id }, header: { 'If-Match': `"v${String(version)}"` } }, body,
      })),
    onSettled: () => client.invalidateQueries({ queryKey: caseKeys.all }),
  });
}

/** The person with a login, to be named before they are made a member. */
export function useFindPerson() {
  return useMutation({
    mutationFn: (login: string) => answer(api.GET('/api/v1/people', { params: { query: { login } } })),
  });
}
