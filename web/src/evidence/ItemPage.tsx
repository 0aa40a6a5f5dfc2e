import { Alert, Anchor, Button, Grid, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconArrowLeft, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { useOpenedCase } from '../cases/useOpenedCase';
import { CustodyRibbon } from '../custody/CustodyRibbon';
import { CustodyTimeline } from '../custody/CustodyTimeline';
import { Name } from '../display/Name';
import { ProblemAlert } from '../display/ProblemAlert';
import { useHasRole } from '../session/queries';
import { DownloadDialog } from './DownloadDialog';
import { FindingsPanel } from './FindingsPanel';
import { ItemFacts } from './ItemFacts';
import { ItemStateBadge } from './ItemStateBadge';
import { itemLogQuery, itemQuery } from './queries';
import { VerifyPanel } from './VerifyPanel';

/** An exhibit: what it is, what happened to it, whether it still is what it was. */
export function ItemPage() {
  const { item: id = '' } = useParams();
  const detail = useOpenedCase();
  const { data, error, refetch } = useQuery(itemQuery(id));
  const log = useQuery(itemLogQuery(id));
  const mayRead = useHasRole('investigator', 'examiner', 'prosecutor', 'supervisor');
  const [opened, dialog] = useDisclosure(false);
  if (error && !data) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={320} aria-label="Loading the exhibit" />;
  const { item, exhibit_number: number } = data;
  return (
    <Stack>
      <Anchor component={Link} to={`/cases/${detail.case.id}/evidence`} size="sm" w="fit-content" data-no-print><Group gap={4}><IconArrowLeft size={14} />All evidence</Group></Anchor>
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
          <Text size="xs" c="dimmed" className="tabular">{number}</Text>
          <Group gap="xs"><Title order={2} fz={20} style={{ overflowWrap: 'anywhere' }}><Name text={item.name} /></Title><ItemStateBadge state={item.state} /></Group>
        </div>
        {mayRead && <Button variant="default" leftSection={<IconDownload size={16} />} onClick={dialog.open} data-no-print>Download</Button>}
      </Group>
      {item.state === 'quarantined' && (
        <Alert color="alarm" icon={<IconAlertTriangle size={18} />} title="Quarantined: what was read back is not what was declared">
          The stored bytes are kept as they are. Do not rely on this exhibit; compare the source and add it again.
        </Alert>
      )}
      {log.data && <CustodyRibbon entries={log.data} />}
      <VerifyPanel item={item} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}><Paper p="md"><Title order={3} mb="xs">Facts</Title><ItemFacts item={item} detail={detail} /></Paper></Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper p="md">
            <Title order={3} mb="sm">Custody</Title>
            {log.error && <ProblemAlert error={log.error} onRetry={() => void log.refetch()} />}
            {log.data ? <CustodyTimeline entries={log.data} /> : !log.error && <Skeleton h={160} />}
          </Paper>
        </Grid.Col>
      </Grid>
      <FindingsPanel item={item.id} />
      <DownloadDialog item={item} number={number} opened={opened} onClose={dialog.close} />
    </Stack>
  );
}
