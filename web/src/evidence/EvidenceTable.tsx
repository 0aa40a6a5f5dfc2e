import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { CaseDetail, Item } from '../api/types';
import { exhibitNumber, personName } from '../cases/useOpenedCase';
import { formatBytes } from '../display/bytes';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { LinkedRow } from '../display/LinkedRow';
import { Name } from '../display/Name';
import { WideTable } from '../display/WideTable';
import classes from './EvidenceTable.module.css';
import { ItemStateBadge } from './ItemStateBadge';

/** Exhibits as rows, in the columns that investigators know. */
export function EvidenceTable({ items, detail, dimmed = false }: { items: Item[]; detail: CaseDetail; dimmed?: boolean }) {
  return (
    <WideTable label="Evidence" minWidth={960} highlightOnHover opacity={dimmed ? 0.6 : 1} className={classes.table ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Exhibit</Table.Th><Table.Th>Name</Table.Th><Table.Th>Type</Table.Th><Table.Th ta="right">Size</Table.Th>
          <Table.Th>SHA-256</Table.Th><Table.Th>Custodian</Table.Th><Table.Th>State</Table.Th><Table.Th>Added</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => <EvidenceRow key={item.id} item={item} detail={detail} />)}
      </Table.Tbody>
    </WideTable>
  );
}

function EvidenceRow({ item, detail }: { item: Item; detail: CaseDetail }) {
  const to = `/cases/${detail.case.id}/evidence/${item.id}`;
  return (
    <LinkedRow to={to}>
      <Table.Td className={classes.exhibit}>
        <Anchor component={Link} to={to} fw={550} size="sm" aria-label={`Exhibit ${exhibitNumber(detail.exhibit_prefix, item.exhibit)}`}>
          {exhibitNumber('E-', item.exhibit)}
        </Anchor>
      </Table.Td>
      <Table.Td className={classes.name}>
        <Text size="sm" lineClamp={2}><Name text={item.name} /></Text>
        {item.path && <Text size="xs" c="dimmed" lineClamp={1}><Name text={item.path} /></Text>}
      </Table.Td>
      <Table.Td className={classes.type}><Text size="xs" c={item.media_type ? 'var(--mantine-color-text)' : 'dimmed'}>{item.media_type ?? 'not identified'}</Text></Table.Td>
      <Table.Td ta="right" className={classes.one} title={`${item.length.toLocaleString('en')} bytes`}>{formatBytes(item.length)}</Table.Td>
      <Table.Td className={classes.one}><Digest sha256={item.sha256} /></Table.Td>
      <Table.Td><Text size="xs">{personName(detail, item.custodian)}</Text></Table.Td>
      <Table.Td><ItemStateBadge state={item.state} /></Table.Td>
      <Table.Td className={classes.one}><Text size="xs"><Instant iso={item.received_at} /></Text><Text size="xs" c="dimmed">{personName(detail, item.received_by)}</Text></Table.Td>
    </LinkedRow>
  );
}
