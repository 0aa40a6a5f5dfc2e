import { Alert, Badge, Table, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { RegisterStatus } from '../api/types';
import { count } from '../display/bytes';
import { EmptyState } from '../display/EmptyState';
import { Instant } from '../display/Instant';
import { WideTable } from '../display/WideTable';
import { ago, outsiders, type Outsider } from './outsiders';

/** Each witness and time-stamp authority, with what it vouched for last and what it has not seen. */
export function OutsiderTable({ status, now }: { status: RegisterStatus; /** When the status was read (ms). */ now: number }) {
  const all = outsiders(status);
  if (all.length === 0) {
    return (
      <EmptyState icon={<IconEyeOff size={24} />} title="Nobody outside watches">
        No witness and no time-stamp authority is configured. The logs are signed, but whoever holds every key could rewrite them. Ask the administrator to have a court or an auditor run a witness.
      </EmptyState>
    );
  }
  const behind = all.filter(({ gap }) => gap !== undefined).length;
  return (
    <>
      {behind > 0 && <Alert color="wax" variant="light" role="status">{count(behind, 'outsider is', 'outsiders are')} behind. Work goes on; what they have not seen is made up for as soon as they answer.</Alert>}
      <WideTable label="Outsiders" minWidth={640}>
        <Table.Thead><Table.Tr><Table.Th>Who</Table.Th><Table.Th>Kind</Table.Th><Table.Th ta="right">Vouched for</Table.Th><Table.Th>When</Table.Th><Table.Th>State</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{all.map((outsider) => <OutsiderRow key={`${outsider.kind} ${outsider.by}`} outsider={outsider} now={now} />)}</Table.Tbody>
      </WideTable>
    </>
  );
}

function OutsiderRow({ outsider: { kind, by, last, gap }, now }: { outsider: Outsider; now: number }) {
  return (
    <Table.Tr data-outsider={kind} data-behind={gap ? (gap.entries ?? 'long') : 0}>
      <Table.Td style={{ overflowWrap: 'anywhere' }}><bdi>{by}</bdi></Table.Td>
      <Table.Td>{kind === 'timestamp' ? 'Time-stamp authority' : 'Witness'}</Table.Td>
      <Table.Td ta="right" className="tabular">{last?.size !== undefined ? count(last.size, 'entry', 'entries') : last ? 'not shown' : 'nothing yet'}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{last?.at ? <Instant iso={last.at} /> : 'not shown'}</Table.Td>
      <Table.Td>
        {gap ? <Badge color="wax" variant="light" tt="none">{gap.entries === undefined ? 'Behind for an hour or more' : `${count(gap.entries, 'entry', 'entries')} behind`}</Badge> : <Badge color="seal" variant="light" tt="none">Has seen everything</Badge>}
        {gap?.since && <Text size="xs" c="dimmed">for {ago(gap.since, now)}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}
