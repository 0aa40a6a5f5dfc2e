import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { toProblem } from '../api/problem';
import type { Person, Role, Session } from '../api/types';
import { sessionKeys } from './keys';

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: sessionKeys.all,
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await answer(api.GET('/api/v1/session'));
    } catch (error) {
      if (toProblem(error).code === 'unauthenticated') return null;
      throw error;
    }
  },
});

/** The person who is signed in. Only for pages that SignedIn guards. */
export function usePerson(): Person {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('a page was shown to somebody who is not signed in');
  return data.person;
}

/** Whether the person holds one of roles. The server decides; this only hides what it would refuse. */
export function useHasRole(...roles: Role[]): boolean {
  const person = usePerson();
  return roles.some((role) => person.roles.includes(role));
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { login: string; password: string }) =>
      answer(api.POST('/api/v1/session', { body: { ...credentials, client: 'web' } })),
    onSuccess: (session) => { client.setQueryData(sessionKeys.all, session); },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    // Whatever the answer, nothing of the last person's stays on the screen.
    onSettled: () => {
      client.clear();
      client.setQueryData(sessionKeys.all, null);
    },
  });
}
