import { queryOptions, useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Alarm, CaseDetail } from '../api/types';
import { caseQuery } from '../cases/queries';
import { useHasRole } from '../session/queries';
import { registerId } from './place';

/** Which alarms are asked for: those nobody took note of yet, or every one. */
export type AlarmState = 'open' | 'all';

export const alarmKeys = {
  all: ['alarms'] as const,
  list: (state: AlarmState) => [...alarmKeys.all, state] as const,
  audit: (id: string) => ['audits', id] as const,
};

/** How often open pages look for new alarms (ms). */
const watchEvery = 60_000;

/** What audits found to differ, the one raised last first. */
export const alarmsQuery = (state: AlarmState) => queryOptions({
  queryKey: alarmKeys.list(state),
  queryFn: async () => (await answer(api.GET('/api/v1/alarms', { params: { query: { state } } }))).items,
  refetchInterval: watchEvery,
});

/** Those cases that alarms are about and that are the viewer's own. */
export function useCasesOf(alarms: Alarm[]): CaseDetail[] {
  const ids = [...new Set(alarms.map((alarm) => alarm.case ?? ''))].filter((id) => id !== '' && id !== registerId);
  return useQueries({ queries: ids.map(caseQuery) }).flatMap(({ data }) => (data ? [data] : []));
}

/** Whether the person may see alarms and have an audit run. */
export function useSeesAlarms(): boolean {
  return useHasRole('supervisor', 'auditor', 'administrator');
}

/** Takes note of an alarm, on record and signed. */
export function useAcknowledge(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => answer(api.POST('/api/v1/alarms/{alarm}/acknowledgement', { params: { path: { alarm: id } }, body: { reason } })),
    // Also after a refusal: somebody else may have taken note of it meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: alarmKeys.all }),
  });
}

/** Has everything compared now. The same key, sent again, begins nothing twice. */
export function useStartAudit() {
  return useMutation({
    mutationFn: (key: string) => answer(api.POST('/api/v1/audits', { params: { header: { 'Idempotency-Key': key } } })),
  });
}

/** An audit; asked again until there is an outcome. */
export const auditQuery = (id: string) => queryOptions({
  queryKey: alarmKeys.audit(id),
  queryFn: () => answer(api.GET('/api/v1/audits/{audit}', { params: { path: { audit: id } } })),
  enabled: id !== '',
  refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : 1000),
});
