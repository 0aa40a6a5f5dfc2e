import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldSearch, IconShieldX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { newKey } from '../api/useIdempotencyKey';
import type { Audit } from '../api/types';
import { count } from '../display/bytes';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { alarmKeys, auditQuery, useStartAudit } from './queries';

/** Has everything compared now, and says how far it is and what came of it. */
export function AuditPanel() {
  const [key, setKey] = useState(newKey);
  const start = useStartAudit();
  const client = useQueryClient();
  const query = useQuery(auditQuery(start.data?.id ?? ''));
  const audit = query.data;
  const running = start.isPending || (start.isSuccess && (!audit || audit.state === 'running') && !query.error);
  const ended = audit !== undefined && audit.state !== 'running';
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: alarmKeys.all });
  }, [ended, client]);
  const begin = () => {
    // A key of its own for each audit; the same one again when an answer was lost.
    const fresh = start.isSuccess ? newKey() : key;
    setKey(fresh);
    start.mutate(fresh);
  };
  return (
    <Paper p="md" bg="var(--surface-quiet)" aria-live="polite">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem' }}>
          <Text fw={600}>Is everything still what was signed?</Text>
          <Text size="sm" c="dimmed">Compares every case, entry, stored object, lock, key and witness now. It changes nothing; you may leave this page. {sealedCases}</Text>
        </div>
        <Button leftSection={<IconShieldSearch size={16} />} disabled={running} onClick={begin}>Audit now</Button>
      </Group>
      {start.error && <Stack mt="sm"><ProblemAlert error={start.error} onRetry={begin} /></Stack>}
      {!start.error && query.error && <Stack mt="sm"><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></Stack>}
      {running && <Group gap="xs" mt="sm" role="status"><Loader size="xs" /><Text size="sm">{audit ? `Comparing: ${soFar(audit)} so far` : 'The audit begins…'}</Text></Group>}
      {ended && !running && <AuditOutcome audit={audit} />}
    </Paper>
  );
}

/** What an audit came to: nothing differs, something does, or it could not be told. */
export function AuditOutcome({ audit }: { audit: Audit }) {
  const when = <Text size="xs" mt={4}><Instant iso={audit.started_at} /> to <Instant iso={audit.ended_at} /></Text>;
  if (audit.state === 'failed') {
    return (
      <Alert mt="sm" color="wax" icon={<IconShieldX size={20} />} title="The audit could not compare everything" data-audit="failed" role="alert">
        <Text size="sm">{audit.failure ?? 'The server does not say why.'} What was compared before that: {soFar(audit)}. <b>Kept: </b>alarms that it found stand below. <b>Try: </b>see to the cause, then audit again; no outcome is not a good outcome.</Text>{when}
      </Alert>
    );
  }
  if (audit.found > 0) {
    return (
      <Alert mt="sm" color="alarm" icon={<IconShieldX size={20} />} title={`${count(audit.found, 'difference')} found`} data-audit="differs" role="alert">
        <Text size="sm">Compared {soFar(audit)}. Each difference is an alarm below; those that were acknowledged before are under “All”. {sealedCases}</Text>{when}
      </Alert>
    );
  }
  return (
    <Alert mt="sm" color="seal" icon={<IconShieldCheck size={20} />} title="Nothing differs from what was signed" data-audit="equal">
      <Text size="sm">Compared {soFar(audit)}. {sealedCases}</Text>{when}
    </Alert>
  );
}

/** What an outcome does not tell of cases that are sealed by order (evidence/audit). */
const sealedCases = 'Cases that are sealed by order are compared and not counted: their members see the alarms about them.';

function soFar({ cases, entries, objects }: Audit): string {
  return `${count(cases, 'case')}, ${count(entries, 'entry', 'entries')} and ${count(objects, 'stored object')}`;
}
