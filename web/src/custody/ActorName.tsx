import { Text } from '@mantine/core';
import type { Entry } from '../api/types';

/** Who did it, in which roles, from where. */
export function ActorName({ actor }: { actor: Entry['actor'] }) {
  const office = actor.service ? 'machine' : actor.roles?.join(', ');
  return (
    <div title={actor.client}>
      <Text size="sm">{actor.name}</Text>
      <Text size="xs" c="dimmed">{[office, actor.from].filter(Boolean).join(' · ')}</Text>
    </div>
  );
}
