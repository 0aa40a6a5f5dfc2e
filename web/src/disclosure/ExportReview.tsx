import { Alert, Paper, Text } from '@mantine/core';
import { exhibitNumber } from '../cases/useOpenedCase';
import { count, formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import facts from '../evidence/ItemFacts.module.css';
import type { Recipient } from './RecipientStep';
import type { inventory, Withholding } from './withholding';

const shown = 30;

/** What is about to go on record. */
export function ExportReview({ stock, recipient, withholding }: { stock: ReturnType<typeof inventory>; recipient: Recipient; withholding: Withholding }) {
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
            <Text size="sm" key={item.id}>{exhibitNumber('E-', item.exhibit)} <Name text={item.name} />: {withholding.get(item.id) ?? 'quarantined'}</Text>
          ))}
          {stock.withheld.length > shown && <Text size="xs" c="dimmed">and {count(stock.withheld.length - shown, 'more exhibit')}</Text>}
        </dd>
      </dl>
      <Alert mt="md" color="gray" variant="light">The bundle goes on record under your name, with the recipient, the purpose and what is withheld. The recipient sees that something is withheld and the reason, not what it is.</Alert>
    </Paper>
  );
}
