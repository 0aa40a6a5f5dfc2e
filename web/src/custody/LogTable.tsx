import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { LogEntry } from '../api/types';
import { exhibitNumber } from '../cases/useOpenedCase';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { Name } from '../display/Name';
import { WideTable } from '../display/WideTable';
import { ActLabel } from './ActLabel';
import { ActorName } from './ActorName';
import { ClockMark } from './ClockMark';
import { EntryDetails } from './EntryDetails';

/** Entries of a log as rows, newest first. */
export function LogTable({ entries, caseId, dimmed }: { entries: LogEntry[]; caseId: string; dimmed: boolean }) {
  return (
    <WideTable label="Log" minWidth={960} opacity={dimmed ? 0.6 : 1} highlightOnHover>
      <Table.Thead>
        <Table.Tr><Table.Th ta="right">Entry</Table.Th><Table.Th>Time</Table.Th><Table.Th>Act</Table.Th><Table.Th>Who</Table.Th><Table.Th>Exhibit</Table.Th><Table.Th>Details</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.toReversed().map((entry) => <LogRow key={entry.index} line={entry} caseId={caseId} />)}
      </Table.Tbody>
    </WideTable>
  );
}

function LogRow({ line: { index, entry }, caseId }: { line: LogEntry; caseId: string }) {
  const top = { verticalAlign: 'top' };
  return (
    <Table.Tr>
      <Table.Td ta="right" className="tabular" style={top}>{index.toLocaleString('en')}</Table.Td>
      <Table.Td style={{ ...top, minWidth: '8.5rem' }}><Text size="xs" pt={2}><Instant iso={entry.at} precise /></Text></Table.Td>
      <Table.Td style={{ ...top, whiteSpace: 'nowrap' }}><ActLabel entry={entry} /></Table.Td>
      <Table.Td style={{ ...top, minWidth: '10rem' }}><ActorName entry={entry} /></Table.Td>
      <Table.Td style={{ ...top, minWidth: '13rem', maxWidth: '18rem' }}>
        {entry.item && (
          <>
            <Group gap="sm" wrap="nowrap">
              <Anchor component={Link} size="sm" to={`/cases/${caseId}/evidence/${entry.item}`} style={{ whiteSpace: 'nowrap' }}>{entry.exhibit ? exhibitNumber('E-', entry.exhibit) : 'exhibit'}</Anchor>
              {entry.sha256 && <Digest sha256={entry.sha256} />}
            </Group>
            {entry.name && <Text size="xs" lineClamp={1}><Name text={entry.name} /></Text>}
          </>
        )}
      </Table.Td>
      <Table.Td style={{ ...top, minWidth: '13rem', maxWidth: '24rem' }}><ClockMark entry={entry} /><EntryDetails entry={entry} /></Table.Td>
    </Table.Tr>
  );
}
