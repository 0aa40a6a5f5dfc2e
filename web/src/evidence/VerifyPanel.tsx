import { Alert, Button, Group, List, Loader, Paper, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import type { Item, Verification } from '../api/types';
import { formatBytes } from '../display/bytes';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { useVerify } from './verify';

/** Reads the stored bytes now, and says whether they are what was sealed. */
export function VerifyPanel({ item }: { item: Item }) {
  const verify = useVerify(item.id, item.case);
  return (
    <Paper p="md" bg="var(--surface-quiet)" aria-live="polite" data-no-print>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem' }}>
          <Text fw={600}>Is it still what was sealed?</Text>
          <Text size="sm" c="dimmed">Reads all {formatBytes(item.length)} from storage, hashes them, and checks the seal&rsquo;s signature. The outcome goes on record.</Text>
        </div>
        <Button leftSection={<IconShieldCheck size={16} />} onClick={() => { verify.mutate(); }} disabled={verify.isPending}>
          {verify.data ? 'Verify again' : 'Verify now'}
        </Button>
      </Group>
      {verify.isPending && <Group gap="xs" mt="sm" role="status"><Loader size="xs" /><Text size="sm">Reading the stored bytes and hashing them…</Text></Group>}
      {!verify.isPending && verify.error && <Stack mt="sm"><ProblemAlert error={verify.error} onRetry={() => { verify.mutate(); }} /></Stack>}
      {!verify.isPending && verify.data && <Outcome verification={verify.data} />}
    </Paper>
  );
}

/** The outcome of a verification: green, or red with what differs. */
export function Outcome({ verification: v }: { verification: Verification }) {
  if (v.ok) {
    return (
      <Alert mt="sm" color="seal" icon={<IconShieldCheck size={20} />} title="Verified: the stored bytes are what was sealed" data-verification="ok">
        <Text size="sm" component="div">{v.read.toLocaleString('en')} bytes read, SHA-256 <Digest sha256={v.observed_sha256 ?? v.expected_sha256} />, seal and signature good. <Instant iso={v.at} /></Text>
      </Alert>
    );
  }
  const differs = v.differs ?? [];
  return (
    <Alert mt="sm" color="alarm" icon={<IconShieldX size={20} />} title="Not what was sealed: do not rely on this exhibit" data-verification="failed" role="alert">
      <Stack gap={6}>
        <List size="sm">
          {differs.map((line) => <List.Item key={line}>{line}</List.Item>)}
          {differs.length === 0 && <List.Item>The server says no more than that it differs.</List.Item>}
        </List>
        <Text size="sm" component="div">Sealed: <Digest sha256={v.expected_sha256} whole /></Text>
        <Text size="sm" component="div">Stored now: <Digest sha256={v.observed_sha256} whole /></Text>
        <Text size="sm">{v.read.toLocaleString('en')} of {v.length.toLocaleString('en')} bytes could be read; the seal is {v.seal_ok ? 'good' : 'not good'}. <b>Kept: </b>the stored bytes stay as they are, and this outcome is on record. <b>Try: </b>tell the supervisor; do not disclose this exhibit.</Text>
      </Stack>
    </Alert>
  );
}
