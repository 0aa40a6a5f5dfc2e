import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

/** How the register stands to those outside who watch it; looked at again while the page is open. */
export const registerQuery = queryOptions({
  queryKey: ['register'],
  queryFn: () => answer(api.GET('/api/v1/register')),
  refetchInterval: 15_000,
});
