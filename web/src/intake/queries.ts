import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { IntakeProgress, Item } from '../api/types';
import { caseKeys } from '../cases/keys';
import { eachItem } from '../evidence/queries';
import type { IntakeRecord } from './records';
import { useRuns, useUploadCenter } from './UploadCenter';

export const intakeKeys = {
  of: (id: string) => ['intakes', id] as const,
  interrupted: (caseId: string) => ['interrupted', caseId] as const,
};

/** A delivery and how far it has come; asked again until it is done. */
export const intakeQuery = (id: string) => queryOptions({
  queryKey: intakeKeys.of(id),
  queryFn: () => answer(api.GET('/api/v1/intakes/{intake}', { params: { path: { intake: id } } })),
  refetchInterval: ({ state }) => (state.data?.progress.state === 'done' ? false : 2000),
});

/** From this many exhibits on, a receipt looks again when the delivery's state changes, not at every seal. */
const many = 1000;

/** The exhibits of a delivery, from its first exhibit number on; looked at again as they are sealed. */
export const deliveredQuery = (caseId: string, intake: string, first: number, progress: IntakeProgress | undefined) => {
  const settled = progress ? progress.sealed + progress.quarantined : 0;
  return queryOptions({
    queryKey: [...intakeKeys.of(intake), 'items', progress?.state, settled < many ? settled : many] as const,
    enabled: progress !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const found: Item[] = [];
      for await (const page of eachItem(caseId, Math.max(1, first))) found.push(...page.filter((item) => item.intake === intake));
      return found;
    },
  });
};

export function useOpenIntake(caseId: string) {
  return useMutation({
    mutationFn: ({ key, source, authority }: { key: string; source: string; authority: string }) =>
      answer(api.POST('/api/v1/cases/{case}/intakes', {
        params: { path: { case: caseId }, header: { 'Idempotency-Key': key } }, body: { source, ...(authority && { authority }) },
      })),
  });
}

/** Says that nothing more will come; the browser then forgets what it kept to carry on. */
export function useCompleteIntake(caseId: string) {
  const client = useQueryClient();
  const { tools } = useUploadCenter();
  return useMutation({
    mutationFn: async (intake: string) => {
      await answer(api.POST('/api/v1/intakes/{intake}/complete', { params: { path: { intake } } }));
      await tools.records.forget(intake);
    },
    onSuccess: async (_, intake) => {
      await client.invalidateQueries({ queryKey: intakeKeys.of(intake) });
      await client.invalidateQueries({ queryKey: intakeKeys.interrupted(caseId) });
      await client.invalidateQueries({ queryKey: caseKeys.of(caseId) });
    },
  });
}

/** A delivery that this browser began and did not finish, and how much of it is safe. */
export interface Interrupted { record: IntakeRecord; received: number }

/** The deliveries of a case that this person began in this browser, and that no run is busy with. */
export function useInterrupted(caseId: string, person: string): Interrupted[] {
  const { tools: { records } } = useUploadCenter();
  const runs = useRuns();
  const { data = [] } = useQuery({
    queryKey: [...intakeKeys.interrupted(caseId), person],
    queryFn: async () => {
      const mine = (await records.intakes(caseId)).filter((record) => record.person === person);
      return Promise.all(mine.map(async (record) => ({
        record, received: (await records.uploads(record.intake)).filter(({ received }) => received).length,
      })));
    },
    // This browser may refuse to remember (private windows): then there is nothing to carry on.
    retry: false, staleTime: 0,
  });
  return data.filter(({ record }) => !runs.some((run) => run.intake.id === record.intake));
}
