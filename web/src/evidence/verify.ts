import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { ProblemError, localProblem } from '../api/problem';
import type { Verification } from '../api/types';
import { caseKeys } from '../cases/keys';
import { itemKeys } from './keys';

/**
 * Hashes an item's stored bytes again. A large item takes longer than one
 * request: the same request is sent again until there is an outcome.
 */
export async function verifyItem(item: string, signal?: AbortSignal): Promise<Verification> {
  let request = '';
  for (;;) {
    signal?.throwIfAborted();
    const outcome = await answer(api.POST('/api/v1/evidence/{item}/verifications', {
      params: { path: { item } }, body: request ? { request } : {}, ...(signal && { signal }),
    }));
    if ('ok' in outcome) return outcome;
    if (!outcome.request) throw new ProblemError(localProblem('malformed', 'An answer that cannot be read', 'The server accepted the verification and named no request.'));
    request = outcome.request;
  }
}

export function useVerify(item: string, caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationKey: itemKeys.verification(item),
    mutationFn: () => verifyItem(item),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: itemKeys.of(item) });
      void client.invalidateQueries({ queryKey: caseKeys.of(caseId) });
    },
  });
}
