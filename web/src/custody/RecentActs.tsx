import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { LogEntry } from '../api/types';
import { Instant } from '../display/Instant';
import { Name } from '../display/Name';
import { Waiting } from '../display/Waiting';
import { ActLabel } from './ActLabel';
import { logQuery } from './queries';

const shown = 8;

/** What happened last in a case. */
export function RecentActs({ caseId, size }: { caseId: string; size: number }) {
  const query = useQuery(logQuery(caseId, Math.max(0, size - shown), shown));
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Last acts</Title>
        <Anchor component={Link} to="custody" size="sm">The whole log</Anchor>
      </Group>
      <Waiting query={query} what="the last acts" h={120} />
      <Stack gap="xs">
        {query.data?.items.toReversed().map((entry) => <RecentAct key={entry.index} entry={entry} caseId={caseId} />)}
      </Stack>
    </Paper>
  );
}

function RecentAct({ entry: { entry }, caseId }: { entry: LogEntry; caseId: string }) {
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <ActLabel entry={entry} />
      <div style={{ minWidth: 0, marginLeft: 'auto', textAlign: 'right' }}>
        {entry.item && <Anchor component={Link} to={`/cases/${caseId}/evidence/${entry.item}`} size="sm" display="block" truncate>{entry.name ? <Name text={entry.name} /> : 'exhibit'}</Anchor>}
        <Text size="xs" c="dimmed">{entry.actor.name} · <Instant iso={entry.at} /></Text>
      </div>
    </Group>
  );
}
