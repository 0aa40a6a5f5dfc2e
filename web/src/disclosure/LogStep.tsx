import { Alert, Button, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { logPageSize, logQuery } from '../custody/queries';
import { count } from '../display/bytes';
import { Waiting } from '../display/Waiting';
import { WideTable } from '../display/WideTable';
import { EntryRow } from './EntryRow';
import { chosenEntries, type EntryWithholding } from './entryWithholding';
import type { Withholding } from './withholding';

/** The whole log goes along; single entries can be left out, each with a reason. */
export function LogStep({ caseId, exhibits, chosen, onChange }: {
  caseId: string; exhibits: Withholding; chosen: EntryWithholding; onChange: (chosen: EntryWithholding) => void;
}) {
  const [from, setFrom] = useState(0);
  const query = useQuery(logQuery(caseId, from));
  const { data } = query;
  const withheld = chosenEntries(chosen, exhibits).length;
  return (
    <>
      <Text size="sm" my="sm" role="status">{data ? <>The log has <b>{count(data.size, 'entry', 'entries')}</b>; {withheld.toLocaleString('en')} of them withheld on their own.</> : 'Reading the log…'}</Text>
      <Alert color="gray" variant="light" mb="sm">The recipient sees the place and the fingerprint of a withheld entry, and the reason, so that nothing can be left out unnoticed; not what it says. Entries about a withheld exhibit go with it.</Alert>
      <Waiting query={query} what="the log" />
      {data && (
        <WideTable label="Entries of the log" minWidth={760}>
          <Table.Thead><Table.Tr><Table.Th>In</Table.Th><Table.Th ta="right">Entry</Table.Th><Table.Th>Act</Table.Th><Table.Th>Who, when</Table.Th><Table.Th>Exhibit</Table.Th><Table.Th>Reason for withholding</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {data.items.map((line) => <EntryRow key={line.index} line={line} exhibits={exhibits} reason={chosen.get(line.index)?.reason} onChange={(reason) => { onChange(withReason(chosen, line.index, reason === undefined ? undefined : { line, reason })); }} />)}
          </Table.Tbody>
        </WideTable>
      )}
      {data && data.size > logPageSize && (
        <Group gap="xs" mt="xs">
          <Button size="xs" variant="default" disabled={from === 0} onClick={() => { setFrom(from - logPageSize); }}>Earlier entries</Button>
          <Button size="xs" variant="default" disabled={from + logPageSize >= data.size} onClick={() => { setFrom(from + logPageSize); }}>Later entries</Button>
          <Text size="sm" c="dimmed" className="tabular">{from.toLocaleString('en')}–{Math.min(from + logPageSize, data.size) - 1} of {data.size.toLocaleString('en')}</Text>
        </Group>
      )}
    </>
  );
}

function withReason<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): Map<K, V> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}
