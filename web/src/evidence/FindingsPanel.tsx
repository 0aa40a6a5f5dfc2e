import { Badge, Button, Paper, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Finding } from '../api/types';
import { displayName } from '../display/fileName';
import { Waiting } from '../display/Waiting';
import { WideTable } from '../display/WideTable';
import { findingsQuery } from './queries';

/** What analyzers state about an exhibit, and at which bytes. */
export function FindingsPanel({ item }: { item: string }) {
  const query = useInfiniteQuery(findingsQuery(item));
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const findings = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Paper p="md">
      <Title order={3} mb="xs">Findings</Title>
      <Waiting query={query} what="the findings" h={80} />
      {data && findings.length === 0 && <Text size="sm" c="dimmed">Nothing found, or not analysed yet.</Text>}
      {findings.length > 0 && (
        <WideTable label="Findings" minWidth={620}>
          <Table.Thead><Table.Tr><Table.Th>Kind</Table.Th><Table.Th>Value</Table.Th><Table.Th ta="right">At byte</Table.Th><Table.Th ta="right">Times</Table.Th><Table.Th>Found by</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{findings.map((finding) => <FindingRow key={`${finding.analyzer}/${String(finding.index)}`} finding={finding} />)}</Table.Tbody>
        </WideTable>
      )}
      {hasNextPage && <Button mt="sm" size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>More findings</Button>}
    </Paper>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  return (
    <Table.Tr>
      <Table.Td><Badge variant="default" tt="none">{finding.kind}</Badge></Table.Td>
      {/* Found in hostile bytes: shown as text, with what it hides made visible. */}
      <Table.Td><Text span size="sm" ff="monospace" className="untrusted">{displayName(finding.value)}</Text></Table.Td>
      <Table.Td ta="right" className="tabular">{finding.offset.toLocaleString('en')}</Table.Td>
      <Table.Td ta="right" className="tabular">{finding.count ?? 1}</Table.Td>
      <Table.Td><Text size="xs" c="dimmed">{finding.analyzer}</Text></Table.Td>
    </Table.Tr>
  );
}
