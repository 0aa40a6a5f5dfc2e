import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { CaseDetail, Item } from '../api/types';
import { exhibitNumber } from '../cases/useOpenedCase';
import { count, formatBytes } from '../display/bytes';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { LinkedRow } from '../display/LinkedRow';
import { Name } from '../display/Name';
import { WideTable } from '../display/WideTable';
import { ItemStateBadge } from '../evidence/ItemStateBadge';

/** A page that draws twenty thousand rows helps nobody: the rest is in the file and the evidence table. */
const shown = 200;

export function ReceiptTable({ items, detail }: { items: Item[]; detail: CaseDetail }) {
  return (
    <>
      <WideTable label="Exhibits of this delivery" minWidth={820} highlightOnHover>
        <Table.Thead><Table.Tr><Table.Th>Exhibit</Table.Th><Table.Th>Name</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th>SHA-256</Table.Th><Table.Th>State</Table.Th><Table.Th>Locked until</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {items.slice(0, shown).map((item) => (
            <LinkedRow key={item.id} to={`/cases/${detail.case.id}/evidence/${item.id}`}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}><Anchor component={Link} size="sm" to={`/cases/${detail.case.id}/evidence/${item.id}`}>{exhibitNumber('E-', item.exhibit)}</Anchor></Table.Td>
              <Table.Td miw={130}><Name text={item.name} /></Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>{formatBytes(item.length)}{item.length === 0 && <Text size="xs" c="var(--text-warn)">empty file</Text>}</Table.Td>
              <Table.Td style={{ minWidth: '18rem' }}><Digest sha256={item.sha256} whole /></Table.Td>
              <Table.Td><ItemStateBadge state={item.state} /></Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}><Instant iso={item.locked_until} /></Table.Td>
            </LinkedRow>
          ))}
        </Table.Tbody>
      </WideTable>
      {items.length > shown && <Text size="sm" c="dimmed" p="sm">and {count(items.length - shown, 'more exhibit')}: Copy and Save have all of them.</Text>}
    </>
  );
}
