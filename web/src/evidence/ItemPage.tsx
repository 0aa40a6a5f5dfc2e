import { Alert, Button, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { SessionLink } from '../agents/SessionLink';
import { useOpenedCase } from '../cases/useOpenedCase';
import { CustodyRibbon } from '../custody/CustodyRibbon';
import { CustodyTimeline } from '../custody/CustodyTimeline';
import { BackLink } from '../display/BackLink';
import { Name } from '../display/Name';
import { Waiting } from '../display/Waiting';
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
  const query = useQuery(itemQuery(id));
  const { data } = query;
  const log = useQuery(itemLogQuery(id));
  const mayRead = useHasRole('investigator', 'examiner', 'prosecutor', 'supervisor');
  const [opened, dialog] = useDisclosure(false);
  if (!data) return <Waiting query={query} what="the exhibit" h={320} />;
  const { item, exhibit_number: number } = data;
  return (
    <Stack>
      <BackLink to={`/cases/${detail.case.id}/evidence`}>All evidence</BackLink>
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
          <Text size="xs" c="dimmed" className="tabular">{number}</Text>
          <Group gap="xs"><Title order={2} fz={20} style={{ overflowWrap: 'anywhere' }}><Name text={item.name} /></Title><ItemStateBadge state={item.state} /></Group>
        </div>
        {mayRead && (
          <Group gap="xs">
            <SessionLink item={item.id} to={`/cases/${detail.case.id}/evidence/${item.id}/session`} />
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={dialog.open} data-no-print>Download</Button>
          </Group>
        )}
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
            <Waiting query={log} what="the custody" h={160} />
            {log.data && <CustodyTimeline entries={log.data} />}
          </Paper>
        </Grid.Col>
      </Grid>
      <FindingsPanel item={item.id} />
      <DownloadDialog item={item} number={number} opened={opened} onClose={dialog.close} />
    </Stack>
  );
}
