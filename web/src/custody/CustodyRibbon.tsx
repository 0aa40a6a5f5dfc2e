import { Text } from '@mantine/core';
import type { LogEntry } from '../api/types';
import { Instant } from '../display/Instant';
import { verificationFailed } from './acts';
import { signatureOf } from './signedBy';
import classes from './CustodyRibbon.module.css';

interface Stage { label: string; entry: LogEntry | undefined; bad: boolean }

/** The life of an exhibit at a glance: the last act of each kind that matters. */
export function CustodyRibbon({ entries }: { entries: LogEntry[] }) {
  return (
    <ol className={classes.ribbon} aria-label="Custody at a glance">
      {stages(entries).map(({ label, entry, bad }) => (
        <li key={label} data-stage={entry ? (bad ? 'bad' : 'done') : 'open'}>
          <Text size="xs" fw={600}>{label}</Text>
          <Text size="xs" c="dimmed">{entry ? <Instant iso={entry.entry.at} /> : 'not yet'}</Text>
          {entry && <Text size="xs" c="dimmed">{entry.entry.actor.name}: {signatureOf(entry.entry).label}</Text>}
        </li>
      ))}
    </ol>
  );
}

/**
 * The stages of an exhibit's life, each with the entry that it rests on.
 * Disclosure is an act on the case: an exhibit's own entries do not tell of it.
 */
export function stages(entries: LogEntry[]): Stage[] {
  const last = (act: string) => entries.findLast(({ entry }) => entry.act === act);
  const verified = last('verified');
  const failed = verified !== undefined && verificationFailed(verified.entry);
  const quarantined = last('quarantined');
  return [
    { label: 'Received and locked', entry: last('received'), bad: false },
    quarantined ? { label: 'Quarantined', entry: quarantined, bad: true } : { label: 'Sealed', entry: last('sealed'), bad: false },
    { label: 'Analysed', entry: last('analysed'), bad: false },
    { label: failed ? 'Verified: differs' : 'Last verified', entry: verified, bad: failed },
  ];
}
