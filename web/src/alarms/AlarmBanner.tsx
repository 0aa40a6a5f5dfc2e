import { Alert, Anchor } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { count } from '../display/bytes';
import { useHasRole } from '../session/queries';
import { alarmsQuery } from './queries';

/** Stands above every page of a supervisor while alarms are open: they are the ones who must act. */
export function AlarmBanner() {
  const mayNote = useHasRole('supervisor');
  const { data } = useQuery({ ...alarmsQuery('open'), enabled: mayNote });
  const { pathname } = useLocation();
  if (!mayNote || !data || data.length === 0 || pathname === '/alarms') return null;
  return (
    <Alert color="alarm" variant="light" mb="md" p="xs" icon={<IconBellRinging size={18} />} role="region" aria-label="Open alarms" data-no-print>
      {count(data.length, 'alarm is', 'alarms are')} open: something stored is not what was signed. <Anchor component={Link} to="/alarms" inherit underline="always" c="var(--text-bad)">See and acknowledge</Anchor>
    </Alert>
  );
}
