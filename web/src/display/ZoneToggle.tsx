import { SegmentedControl } from '@mantine/core';
import { useContext } from 'react';
import { zoneName, type ZoneChoice } from './instant';
import { ZoneContext } from './zone';

/** Chooses whose time is shown: the case's, this machine's, or UTC. */
export function ZoneToggle() {
  const { choice, caseZone, choose } = useContext(ZoneContext);
  return (
    <SegmentedControl
      size="xs"
      aria-label={`Times in ${zoneName(choice, caseZone)}`}
      value={choice}
      onChange={(value) => { choose(value as ZoneChoice); }}
      data={[
        { value: 'case', label: 'Case time' },
        { value: 'local', label: 'Local' },
        { value: 'utc', label: 'UTC' },
      ]}
    />
  );
}
