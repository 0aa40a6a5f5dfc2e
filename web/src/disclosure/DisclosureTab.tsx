import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Disclosure } from '../api/types';
import { personName, useOpenedCase } from '../cases/useOpenedCase';
import { count, formatBytes } from '../display/bytes';
import { EmptyState } from '../display/EmptyState';
import { Instant } from '../display/Instant';
import { LinkedRow } from '../display/LinkedRow';
import { Waiting } from '../display/Waiting';
import { WideTable } from '../display/WideTable';
import { useHasRole } from '../session/queries';
import { DisclosureStateBadge } from './DisclosureStateBadge';
import { disclosuresQuery } from './queries';

/** What was disclosed: to whom, when, how much, what was withheld. */
export function DisclosureTab() {
  const detail = useOpenedCase();
  const query = useQuery(disclosuresQuery(detail.case.id));
  const { data } = query;
  const mayDisclose = useHasRole('prosecutor', 'supervisor');
  const make = mayDisclose && <Button component={Link} to="new" leftSection={<IconFileExport size={16} />}>Export a bundle</Button>;
  return (
    <>
      <Waiting query={query} what="the disclosures" />
      {data?.length === 0 && (
        <EmptyState icon={<IconFileExport size={24} />} title="Nothing was disclosed yet" action={make}>
          A bundle holds the exhibits, their seals and the log, and whoever gets it can verify it offline.{!mayDisclose && ' A prosecutor makes it.'}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <>
          <Group justify="space-between" mb="xs"><Text size="sm" c="dimmed">{count(data.length, 'bundle')}</Text>{make}</Group>
          <WideTable label="Disclosures" minWidth={820} highlightOnHover>
            <Table.Thead><Table.Tr><Table.Th>Title</Table.Th><Table.Th>Recipient</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Exhibits</Table.Th><Table.Th ta="right">Withheld</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th>Requested</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{data.map((disclosure) => <DisclosureRow key={disclosure.id} disclosure={disclosure} by={personName(detail, disclosure.by)} />)}</Table.Tbody>
          </WideTable>
        </>
      )}
    </>
  );
}

function DisclosureRow({ disclosure: d, by }: { disclosure: Disclosure; by: string }) {
  return (
    <LinkedRow to={d.id}>
      <Table.Td><Anchor component={Link} to={d.id} fw={550} size="sm">{d.title}</Anchor></Table.Td>
      <Table.Td>{d.recipient}</Table.Td>
      <Table.Td><DisclosureStateBadge state={d.state} /></Table.Td>
      <Table.Td ta="right" className="tabular">{d.items.toLocaleString('en')}</Table.Td>
      <Table.Td ta="right" className="tabular">{(d.withheld?.length ?? 0).toLocaleString('en')}</Table.Td>
      <Table.Td ta="right" className="tabular" style={{ whiteSpace: 'nowrap' }}>{d.length > 0 ? formatBytes(d.length) : '–'}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}><Instant iso={d.requested_at} /><Text size="xs" c="dimmed">{by}</Text></Table.Td>
    </LinkedRow>
  );
}
