import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lookOf } from '../custody/acts';
import { count } from '../display/bytes';
import { itemLogQuery } from '../evidence/queries';

/** Which entries of the log go with an exhibit that is withheld. */
export function EntriesOfExhibit({ item }: { item: string }) {
  const { data, error } = useQuery(itemLogQuery(item));
  if (error) return <Text size="xs" c="dimmed">All its entries go with it.</Text>;
  if (!data) return <Text size="xs" c="dimmed">Counting its entries…</Text>;
  const acts = new Set(data.map(({ entry }) => lookOf(entry).label.toLowerCase()));
  return <Text size="xs" c="dimmed" data-entries={data.length}>{count(data.length, 'entry goes', 'entries go')} with it: {[...acts].join(', ')}</Text>;
}
