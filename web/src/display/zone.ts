import { createContext, useContext } from 'react';
import { zoneName, type ZoneChoice } from './instant';

/** The chosen zone, the case's own, and how to choose another. */
export interface Zone {
  choice: ZoneChoice;
  caseZone: string | undefined;
  choose: (choice: ZoneChoice) => void;
  setCaseZone: (zone: string | undefined) => void;
}

export const ZoneContext = createContext<Zone>({
  choice: 'utc', caseZone: undefined, choose: () => undefined, setCaseZone: () => undefined,
});

/** The IANA name of the zone in which instants are to be shown now. */
export function useZoneName(): string {
  const { choice, caseZone } = useContext(ZoneContext);
  return zoneName(choice, caseZone);
}
