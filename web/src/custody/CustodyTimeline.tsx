import { Text, Timeline } from '@mantine/core';
import type { LogEntry } from '../api/types';
import { Instant } from '../display/Instant';
import { lookOf } from './acts';
import { ClockMark } from './ClockMark';
import { EntryDetails } from './EntryDetails';
import { Signature } from './Signature';

/** What happened to an exhibit, oldest first, each with its place in the case's log. */
export function CustodyTimeline({ entries }: { entries: LogEntry[] }) {
  if (entries.length === 0) return <Text size="sm" c="dimmed">Nothing is on record yet.</Text>;
  return (
    <Timeline bulletSize={24} lineWidth={2} active={entries.length} aria-label="Custody of this exhibit">
      {entries.map(({ index, entry }) => {
        const { label, icon: Icon, color } = lookOf(entry);
        return (
          <Timeline.Item key={entry.id} color={color} bullet={<Icon size={13} aria-hidden />} title={label} data-act={entry.act}>
            <Text size="xs" c="dimmed"><Instant iso={entry.at} precise /> · {entry.actor.name} · entry {index.toLocaleString('en')}</Text>
            <Signature entry={entry} />
            <ClockMark entry={entry} />
            <EntryDetails entry={entry} />
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}
