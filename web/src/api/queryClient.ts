import { QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionKeys } from '../session/keys';
import { isRetryable, toProblem } from './problem';

/** Queries try again what may succeed later; an ended session shows the sign-in page. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (toProblem(error).code === 'unauthenticated' && query.queryKey[0] !== sessionKeys.all[0]) {
          void client.invalidateQueries({ queryKey: sessionKeys.all });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && isRetryable(toProblem(error)),
      },
      mutations: { retry: false },
    },
  });
  return client;
}
