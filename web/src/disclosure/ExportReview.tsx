import { Alert, Paper, Text } from '@mantine/core';
import type { LogEntry } from '../api/types';
import { exhibitNumber } from '../cases/useOpenedCase';
import { lookOf } from '../custody/acts';
import { count, formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import facts from '../evidence/ItemFacts.module.css';
import { EntriesOfExhibit } from './EntriesOfExhibit';
import type { Recipient } from './RecipientStep';
import type { inventory, Withholding } from './withholding';

const shown = 30;

/** What is about to go on record. */
export function ExportReview({ stock, recipient, withholding, entries }: {
  stock: ReturnType<typeof inventory>; recipient: Recipient; withholding: Withholding; entries: { line: LogEntry; reason: string }[];
}) {
  return (
    <Paper p="md" my="sm">
      <dl className={facts.facts}>
        <dt>Title</dt><dd>{recipient.title}</dd>
        <dt>Recipient</dt><dd>{recipient.recipient}</dd>
        <dt>Purpose</dt><dd>{recipient.purpose}</dd>
        <dt>In the bundle</dt><dd>{count(stock.disclosed.length, 'exhibit')}, {formatBytes(stock.bytes)}, with seals, the log and the proofs</dd>
        <dt>Withheld</dt>
        <dd>
          {stock.withheld.length === 0 && 'nothing'}
          {stock.withheld.slice(0, shown).map((item) => (
            <div key={item.id}>
              <Text size="sm">{exhibitNumber('E-', item.exhibit)} <Name text={item.name} />: {withholding.get(item.id) ?? 'quarantined'}</Text>
              {withholding.has(item.id) && <EntriesOfExhibit item={item.id} />}
            </div>
          ))}
          {stock.withheld.length > shown && <Text size="xs" c="dimmed">and {count(stock.withheld.length - shown, 'more exhibit')}</Text>}
        </dd>
        <dt>Entries withheld</dt>
        <dd>
          {entries.length === 0 && 'none on their own'}
          {entries.slice(0, shown).map(({ line: { index, entry }, reason }) => (
            <Text size="sm" key={index}>entry {index.toLocaleString('en')}, {lookOf(entry).label.toLowerCase()} by {entry.actor.name}: {reason}</Text>
          ))}
          {entries.length > shown && <Text size="xs" c="dimmed">and {count(entries.length - shown, 'more entry', 'more entries')}</Text>}
        </dd>
      </dl>
      <Alert mt="md" color="gray" variant="light">The bundle goes on record under your name, signed with your own key, with the recipient, the purpose and what is withheld. The recipient sees that something is withheld and the reason, not what it is.</Alert>
    </Paper>
  );
}
