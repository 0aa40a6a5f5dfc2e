import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { isAgentLogQuery } from './queries';
import { displayLines } from './raw';

/** Leads from an exhibit that is the log of an agent to what it says. */
export function SessionLink({ item, to }: { item: string; to: string }) {
  const { data } = useQuery(isAgentLogQuery(item));
  if (!data) return null;
  return <Button component={Link} to={to} leftSection={<IconMessages size={16} />} data-no-print>Session: {displayLines(data)}</Button>;
}
