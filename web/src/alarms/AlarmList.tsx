import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alarm } from '../api/types';
import { casesQuery } from '../cases/queries';
import { count } from '../display/bytes';
import { useHasRole } from '../session/queries';
import { AcknowledgeDialog } from './AcknowledgeDialog';
import { AlarmCard } from './AlarmCard';
import { placeOf } from './place';

const pageSize = 50;

/** Alarms, the newest first, as many as were asked for. */
export function AlarmList({ alarms }: { alarms: Alarm[] }) {
  const { data: cases = [] } = useQuery(casesQuery);
  const mayNote = useHasRole('supervisor');
  const [noted, note] = useState<Alarm>();
  const [shown, setShown] = useState(pageSize);
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
