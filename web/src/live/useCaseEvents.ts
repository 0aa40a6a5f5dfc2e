import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LogEntry } from '../api/types';
import { caseKeys } from '../cases/keys';
import { itemKeys } from '../evidence/keys';

/** Whether new acts arrive by themselves. */
export type LiveState = 'connecting' | 'live' | 'lost';

/** How often, at most, the pages ask again while acts pour in (ms). */
const pause = 1500;

/**
 * Watches a case's log and makes what is shown of the case fresh when an act
 * comes in. The browser connects again by itself, from the last act it saw.
 */
export function useCaseEvents(caseId: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const items = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: caseKeys.of(caseId) });
      for (const item of items) void client.invalidateQueries({ queryKey: itemKeys.of(item) });
      items.clear();
    };
    const onEntry = (event: MessageEvent<string>) => {
      const item = (JSON.parse(event.data) as LogEntry).entry.item;
      if (item) items.add(item);
      timer ??= setTimeout(refresh, pause);
    };
    const source = new EventSource(`/api/v1/cases/${encodeURIComponent(caseId)}/events`);
    source.addEventListener('open', () => { setState('live'); });
    source.addEventListener('error', () => { setState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting'); });
    source.addEventListener('entry', onEntry);
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [caseId, client]);
  return state;
}
