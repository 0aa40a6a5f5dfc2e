import { SegmentedControl, Stack, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState } from '../display/EmptyState';
import { PageHeader } from '../display/PageHeader';
import { Waiting } from '../display/Waiting';
import { ZoneToggle } from '../display/ZoneToggle';
import { useHasRole } from '../session/queries';
import { AlarmList } from './AlarmList';
import { AuditPanel } from './AuditPanel';
import { alarmsQuery, useSeesAlarms, type AlarmState } from './queries';

/** What audits found to differ, and what supervisors did about it. */
export function AlarmsPage() {
  const [state, setState] = useState<AlarmState>('open');
  const query = useQuery(alarmsQuery(state));
  const mayNote = useHasRole('supervisor');
  const mayAudit = useSeesAlarms();
  return (
    <>
      <PageHeader title="Alarms" plain="Alarms" actions={<ZoneToggle />}
        below={<Text size="sm" c="dimmed">Audits compare the database, the locked mirror, the stored objects, the keys and the witnesses with each other. Whatever differs stays here until a supervisor takes note of it, on record.{!mayNote && ' Only a supervisor can.'}</Text>} />
      <Stack>
        {mayAudit && <AuditPanel />}
        <SegmentedControl w="fit-content" aria-label="Which alarms" value={state} onChange={(value) => { setState(value as AlarmState); }}
          data={[{ value: 'open', label: 'Open' }, { value: 'all', label: 'All, with those acknowledged' }]} />
        <Waiting query={query} what="the alarms" />
        {query.data?.length === 0 && <NoAlarms state={state} />}
        {query.data && query.data.length > 0 && <AlarmList key={state} alarms={query.data} />}
      </Stack>
    </>
  );
}

function NoAlarms({ state }: { state: AlarmState }) {
  return (
    <EmptyState icon={<IconShieldCheck size={24} />} title={state === 'open' ? 'No alarm is open' : 'No audit ever found a difference'}>
      Audits run by themselves every few hours, and at once when you ask for one.
    </EmptyState>
  );
}
