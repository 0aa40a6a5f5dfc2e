import { useLocalStorage } from '@mantine/hooks';
import { useMemo, useState, type ReactNode } from 'react';
import type { ZoneChoice } from './instant';
import { ZoneContext } from './zone';

/** Keeps the choice of zone for this browser, and the zone of the case that is open. */
export function ZoneProvider({ children }: { children: ReactNode }) {
  const [choice, choose] = useLocalStorage<ZoneChoice>({ key: 'sealcase.zone', defaultValue: 'case' });
  const [caseZone, setCaseZone] = useState<string>();
  const value = useMemo(() => ({ choice, caseZone, choose, setCaseZone }), [choice, caseZone, choose]);
  return <ZoneContext.Provider value={value}>{children}</ZoneContext.Provider>;
}
