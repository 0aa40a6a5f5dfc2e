import { Text } from '@mantine/core';
import type { Entry } from '../api/types';
import { Signature } from './Signature';

/** Who did it, in which roles, from where, and who signed it. */
export function ActorName({ entry }: { entry: Entry }) {
  const { actor } = entry;
  const office = actor.service ? 'machine' : actor.roles?.join(', ');
  return (
    <div title={actor.client}>
      <Text size="sm">{actor.name}</Text>
      <Text size="xs" c="dimmed">{[office, actor.from].filter(Boolean).join(' · ')}</Text>
      <Signature entry={entry} />
    </div>
  );
}
