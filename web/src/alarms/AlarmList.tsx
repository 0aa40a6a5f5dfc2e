import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Alarm } from '../api/types';
import { count } from '../display/bytes';
import { useHasRole } from '../session/queries';
import { AcknowledgeDialog } from './AcknowledgeDialog';
import { AlarmCard } from './AlarmCard';
import { placeOf } from './place';
import { useCasesOf } from './queries';

const pageSize = 50;

/** Alarms, the newest first, as many as were asked for. */
export function AlarmList({ alarms }: { alarms: Alarm[] }) {
  const mayNote = useHasRole('supervisor');
  const [noted, note] = useState<Alarm>();
  const [shown, setShown] = useState(pageSize);
  const cases = useCasesOf(alarms.slice(0, shown));
  const left = alarms.length - shown;
  return (
    <Stack gap="sm">
      {alarms.slice(0, shown).map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} place={placeOf(alarm, cases)} onAcknowledge={mayNote ? () => { note(alarm); } : undefined} />
      ))}
      {left > 0 && <Button variant="default" w="fit-content" onClick={() => { setShown(shown + pageSize); }}>{count(left, 'more alarm')}</Button>}
      <AcknowledgeDialog alarm={noted} onClose={() => { note(undefined); }} />
    </Stack>
  );
}
