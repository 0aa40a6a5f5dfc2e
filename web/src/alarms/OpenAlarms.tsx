import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { alarmsQuery } from './queries';

/** How many alarms are open, beside their room in the rail. */
export function OpenAlarms() {
  const { data } = useQuery(alarmsQuery('open'));
  if (!data || data.length === 0) return null;
  return <Badge color="alarm" variant="filled" size="sm" aria-label={`${data.length.toLocaleString('en')} open`}>{data.length.toLocaleString('en')}</Badge>;
}
