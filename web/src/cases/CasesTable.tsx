import { Anchor, Badge, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { CaseSummary } from '../api/types';
import { formatBytes } from '../display/bytes';
import { Instant } from '../display/Instant';
import { LinkedRow } from '../display/LinkedRow';
import { WideTable } from '../display/WideTable';
import { ClassBadge } from './ClassBadge';
import { StateBadge } from './StateBadge';

/** Cases as rows: number, title, class, state, evidence, last act. */
export function CasesTable({ cases }: { cases: CaseSummary[] }) {
  return (
    <WideTable label="Cases" minWidth={800} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Number</Table.Th><Table.Th>Title</Table.Th><Table.Th>Class</Table.Th><Table.Th>State</Table.Th>
          <Table.Th ta="right">Exhibits</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th>Last act</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cases.map((summary) => <CaseRow key={summary.case.id} summary={summary} />)}
        {cases.length === 0 && <Table.Tr><Table.Td colSpan={7}><Text size="sm" c="dimmed">No case matches.</Text></Table.Td></Table.Tr>}
      </Table.Tbody>
    </WideTable>
  );
}

function CaseRow({ summary }: { summary: CaseSummary }) {
  const { case: c } = summary;
  return (
    <LinkedRow to={`/cases/${c.id}`}>
      <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>{c.number}</Table.Td>
      <Table.Td><Anchor component={Link} to={`/cases/${c.id}`} fw={550}>{c.title}</Anchor></Table.Td>
      <Table.Td><ClassBadge of={c.class} /></Table.Td>
      <Table.Td><StateBadge state={c.state} /></Table.Td>
      <Table.Td ta="right" className="tabular">
        {summary.items.toLocaleString('en')}{' '}
        {summary.quarantined > 0 && <Badge color="alarm" variant="light" tt="none">{summary.quarantined} quarantined</Badge>}
      </Table.Td>
      <Table.Td ta="right" className="tabular" style={{ whiteSpace: 'nowrap' }}>{formatBytes(summary.bytes)}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}><Instant iso={summary.last_at} /></Table.Td>
    </LinkedRow>
  );
}
