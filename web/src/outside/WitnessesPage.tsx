import { Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RegisterStatus } from '../api/types';
import { count } from '../display/bytes';
import { CopyBlock } from '../display/CopyBlock';
import { Instant } from '../display/Instant';
import { PageHeader } from '../display/PageHeader';
import { Waiting } from '../display/Waiting';
import { ZoneToggle } from '../display/ZoneToggle';
import facts from '../evidence/ItemFacts.module.css';
import { OutsiderTable } from './OutsiderTable';
import { registerQuery } from './queries';

/** Who outside the agency vouches for its logs, and for which heads of them. */
export function WitnessesPage() {
  const query = useQuery(registerQuery);
  return (
    <>
      <PageHeader title="Outside witnesses" plain="Outside witnesses" actions={<ZoneToggle />}
        below={<Text size="sm" c="dimmed">The register takes in the head of every case&rsquo;s log. Witnesses outside the agency sign its head only while it continues what they signed before; after that, not even we can take anything back unnoticed.</Text>} />
      <Waiting query={query} what="the register" />
      {query.data && <Standing status={query.data} now={query.dataUpdatedAt} />}
    </>
  );
}

function Standing({ status, now }: { status: RegisterStatus; now: number }) {
  const { numbers } = status;
  return (
    <Stack>
      <OutsiderTable status={status} now={now} />
      <Paper p="md">
        <Title order={2} mb="xs">The register</Title>
        <dl className={facts.facts}>
          <dt>Origin</dt><dd style={{ overflowWrap: 'anywhere' }}>{status.origin}</dd>
          {numbers && <>
            <dt>Size</dt><dd>{count(numbers.size, 'entry', 'entries')}</dd>
            <dt>Last entry</dt><dd><Instant iso={numbers.signed_at} /></dd>
            <dt>Heads waiting</dt><dd data-heads-waiting={numbers.heads_waiting}>{numbers.heads_waiting === 0 ? 'none: the heads of all logs are in' : `${count(numbers.heads_waiting, 'log has', 'logs have')} a head that the register takes in next`}</dd>
          </>}
        </dl>
        {numbers ? <LastCheckpoint text={numbers.checkpoint} /> : (
          <Text size="sm" c="dimmed" mt="xs">How far it is, auditors and administrators see: it grows with every act in any case, sealed ones too.</Text>
        )}
      </Paper>
    </Stack>
  );
}

function LastCheckpoint({ text }: { text: string }) {
  return (
    <>
      <Title order={3} mt="md">Its last checkpoint</Title>
      <Text size="sm" c="dimmed">Keep it, print it or publish it: whoever holds an old checkpoint can prove later whether the register still continues it.</Text>
      {text ? <CopyBlock text={text} label="Checkpoint" /> : <Text size="sm" mt="xs">None is signed yet.</Text>}
    </>
  );
}
