import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { DisclosureRequest } from '../api/types';
import { caseKeys } from '../cases/keys';
import { registeredIn } from './proof';

export const disclosureKeys = {
  of: (id: string) => ['disclosures', id] as const,
  proof: (id: string) => ['disclosures', id, 'proof'] as const,
};

/** What was disclosed of a case, newest first. */
export const disclosuresQuery = (caseId: string) => queryOptions({
  queryKey: caseKeys.disclosures(caseId),
  queryFn: async () => (await answer(api.GET('/api/v1/cases/{case}/disclosures', { params: { path: { case: caseId } } }))).items,
});

/** A disclosure and its progress; asked again until there is an outcome. */
export const disclosureQuery = (id: string) => queryOptions({
  queryKey: disclosureKeys.of(id),
  queryFn: () => answer(api.GET('/api/v1/disclosures/{disclosure}', { params: { path: { disclosure: id } } })),
  refetchInterval: ({ state }) => (state.data && ['ready', 'failed'].includes(state.data.disclosure.state) ? false : 1000),
});

/** What a disclosure's proof says of the register; null while it says nothing, and asked again until it does. */
export const proofQuery = (id: string) => queryOptions({
  queryKey: disclosureKeys.proof(id),
  queryFn: async () => registeredIn(await answer(api.GET('/api/v1/disclosures/{disclosure}/proof', { params: { path: { disclosure: id } }, parseAs: 'text' }))) ?? null,
  refetchInterval: ({ state }) => (state.data ? false : 15_000),
});

/** Puts on record that a bundle is fetched, and returns the ticket that opens it once. */
export async function recordFetch(id: string): Promise<string> {
  return (await answer(api.POST('/api/v1/disclosures/{disclosure}/tickets', { params: { path: { disclosure: id } }, body: {} }))).ticket;
}

/** The address at which a ticket opens a bundle. */
export function openedBy(id: string, ticket: string): string {
  return `/api/v1/disclosures/${encodeURIComponent(id)}/bundle?ticket=${encodeURIComponent(ticket)}`;
}

export function useDisclose(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: DisclosureRequest & { key: string }) =>
      answer(api.POST('/api/v1/cases/{case}/disclosures', { params: { path: { case: caseId }, header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: caseKeys.disclosures(caseId) }),
  });
}
