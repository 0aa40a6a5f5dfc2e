import { Grid, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatBytes } from '../display/bytes';
import { Instant } from '../display/Instant';
import { RecentActs } from '../custody/RecentActs';
import { ClassPanel } from './ClassPanel';
import { MembersPanel } from './MembersPanel';
import { StatePanel } from './StatePanel';
import { personName, useOpenedCase } from './useOpenedCase';

/** A case at a glance: counts, what it is about, who is in it, what happened last. */
export function SummaryTab() {
  const detail = useOpenedCase();
  const { case: c } = detail;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Figure label="Exhibits" value={detail.items.toLocaleString('en')} note={formatBytes(detail.bytes)} />
        <Figure label="Sealed" value={detail.sealed.toLocaleString('en')} note={detail.received > 0 ? `${detail.received.toLocaleString('en')} being read back` : 'all read back'} />
        <Figure label="Quarantined" value={detail.quarantined.toLocaleString('en')} note={detail.quarantined > 0 ? 'what was read back differs' : 'none'} bad={detail.quarantined > 0} />
        <Figure label="Acts on record" value={detail.log_size.toLocaleString('en')} note={detail.last_at ? <>last <Instant iso={detail.last_at} /></> : 'none yet'} />
      </SimpleGrid>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Paper p="md">
              <Title order={2} mb={6}>About</Title>
              <Text size="md" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} c={c.summary ? 'var(--mantine-color-text)' : 'dimmed'}>{c.summary ?? 'No summary was given.'}</Text>
              <Text size="xs" c="dimmed" mt="sm">Opened <Instant iso={c.opened_at} /> by {personName(detail, c.opened_by)} · time zone {c.time_zone}</Text>
            </Paper>
            <RecentActs caseId={c.id} size={detail.log_size} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack><StatePanel detail={detail} /><ClassPanel detail={detail} /><MembersPanel detail={detail} /></Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Figure({ label, value, note, bad = false }: { label: string; value: string; note: ReactNode; bad?: boolean }) {
  return (
    <Paper p="sm" bg="var(--surface-quiet)">
      <Text size="xs" c="dimmed" fw={600}>{label}</Text>
      <Text fz={24} fw={620} lh={1.25} className="tabular" c={bad ? 'var(--text-bad)' : 'var(--mantine-color-text)'}>{value}</Text>
      <Text size="xs" c="dimmed" component="div">{note}</Text>
    </Paper>
  );
}
