import { Checkbox, Table, Text } from '@mantine/core';
import type { LogEntry } from '../api/types';
import { exhibitNumber } from '../cases/useOpenedCase';
import { ActLabel } from '../custody/ActLabel';
import { Instant } from '../display/Instant';
import { choiceOf } from './entryWithholding';
import { ReasonInput } from './ReasonInput';
import type { Withholding } from './withholding';

/** An entry of the log, in unless it is taken out with a reason. */
export function EntryRow({ line: { index, entry }, exhibits, reason, onChange }: {
  line: LogEntry; exhibits: Withholding; reason: string | undefined; onChange: (reason: string | undefined) => void;
}) {
  const choice = choiceOf(entry, exhibits);
  const free = choice.may === 'choose';
  const out = choice.may === 'with-exhibit' || (free && reason !== undefined);
  return (
    <Table.Tr>
      <Table.Td><Checkbox size="sm" aria-label={`Include entry ${index.toLocaleString('en')}`} checked={!out} disabled={!free} onChange={(e) => { onChange(e.currentTarget.checked ? undefined : ''); }} /></Table.Td>
      <Table.Td ta="right" className="tabular">{index.toLocaleString('en')}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}><ActLabel entry={entry} /></Table.Td>
      <Table.Td miw={170}>{entry.actor.name}<Text size="xs" c="dimmed"><Instant iso={entry.at} /></Text></Table.Td>
      <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>{entry.exhibit ? exhibitNumber('E-', entry.exhibit) : ''}</Table.Td>
      <Table.Td miw={220}>
        {choice.may === 'with-exhibit' && <Text size="sm" c="dimmed">goes with its exhibit{choice.reason.trim() && `: ${choice.reason.trim()}`}</Text>}
        {choice.may === 'never' && <Text size="xs" c="dimmed">{choice.why}</Text>}
        {free && reason !== undefined && <ReasonInput what={`entry ${index.toLocaleString('en')}`} reason={reason} onChange={onChange} />}
      </Table.Td>
    </Table.Tr>
  );
}
