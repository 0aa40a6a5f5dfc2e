import { Alert, Button, Checkbox, Group, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Item } from '../api/types';
import { exhibitNumber } from '../cases/useOpenedCase';
import { count, formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import { WideTable } from '../display/WideTable';
import { ItemStateBadge } from '../evidence/ItemStateBadge';
import { EntriesOfExhibit } from './EntriesOfExhibit';
import { ReasonInput } from './ReasonInput';
import { inventory, type Withholding } from './withholding';

const pageSize = 50;

/** Every exhibit, in unless it is taken out with a reason. */
export function InventoryStep({ items, stock, withholding, onChange }: {
  items: Item[]; stock: ReturnType<typeof inventory>; withholding: Withholding; onChange: (withholding: Withholding) => void;
}) {
  const [search, setSearch] = useState('');
  const [start, setStart] = useState(0);
  const wanted = search.trim().toLowerCase();
  const found = wanted ? items.filter((item) => `${exhibitNumber('E-', item.exhibit)} ${item.path ?? ''}/${item.name}`.toLowerCase().includes(wanted)) : items;
  const set = (id: string, reason: string | undefined) => {
    const next = new Map(withholding);
    if (reason === undefined) next.delete(id);
    else next.set(id, reason);
    onChange(next);
  };
  return (
    <>
      <Group justify="space-between" my="sm">
        <Text size="sm" role="status"><b>{count(stock.disclosed.length, 'exhibit')}</b>, {formatBytes(stock.bytes)}, go into the bundle; {stock.withheld.length.toLocaleString('en')} withheld.</Text>
        <TextInput w={{ base: '100%', xs: 260 }} placeholder="Exhibit or name" aria-label="Find an exhibit" value={search} onChange={(e) => { setSearch(e.currentTarget.value); setStart(0); }} />
      </Group>
      {stock.pending.length > 0 && (
        <Alert color="wax" mb="sm" title={`${count(stock.pending.length, 'exhibit is', 'exhibits are')} still being read back`}>A bundle holds sealed exhibits only. Wait until they are sealed, or withhold them with a reason.</Alert>
      )}
      <WideTable label="Inventory" minWidth={720}>
        <Table.Thead><Table.Tr><Table.Th>In</Table.Th><Table.Th>Exhibit</Table.Th><Table.Th>Name</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th>State</Table.Th><Table.Th>Reason for withholding</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{found.slice(start, start + pageSize).map((item) => <InventoryRow key={item.id} item={item} reason={withholding.get(item.id)} onChange={(reason) => { set(item.id, reason); }} />)}</Table.Tbody>
      </WideTable>
      {found.length > pageSize && (
        <Group gap="xs" mt="xs">
          <Button size="xs" variant="default" disabled={start === 0} onClick={() => { setStart(start - pageSize); }}>Previous</Button>
          <Button size="xs" variant="default" disabled={start + pageSize >= found.length} onClick={() => { setStart(start + pageSize); }}>Next page</Button>
          <Text size="sm" c="dimmed" className="tabular">{start + 1}–{Math.min(start + pageSize, found.length)} of {found.length.toLocaleString('en')}</Text>
        </Group>
      )}
    </>
  );
}

function InventoryRow({ item, reason, onChange }: { item: Item; reason: string | undefined; onChange: (reason: string | undefined) => void }) {
  const number = exhibitNumber('E-', item.exhibit);
  const quarantined = item.state === 'quarantined';
  const out = quarantined || reason !== undefined;
  return (
    <Table.Tr>
      <Table.Td><Checkbox size="sm" aria-label={`Include ${number}`} checked={!out} disabled={quarantined} onChange={(e) => { onChange(e.currentTarget.checked ? undefined : ''); }} /></Table.Td>
      <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>{number}</Table.Td>
      <Table.Td miw={150}><Name text={item.name} />{item.path && <Text size="xs" c="dimmed"><Name text={item.path} /></Text>}</Table.Td>
      <Table.Td ta="right" className="tabular" style={{ whiteSpace: 'nowrap' }}>{formatBytes(item.length)}</Table.Td>
      <Table.Td><ItemStateBadge state={item.state} /></Table.Td>
      <Table.Td miw={220}>
        {quarantined && <Text size="sm" c="dimmed">quarantined</Text>}
        {!quarantined && reason !== undefined && <><ReasonInput what={number} reason={reason} onChange={onChange} /><EntriesOfExhibit item={item.id} /></>}
      </Table.Td>
    </Table.Tr>
  );
}
