import { Text } from '@mantine/core';
import type { Entry } from '../api/types';

/** Who did it, in which roles, from where. */
export function ActorName({ actor }: { actor: Entry['actor'] }) {
  const where = [actor.from, actor.client].filter(Boolean).join(' · ');
  return (
    <div>
      <Text span size="sm">{actor.name}</Text>{' '}
      <Text span size="xs" c="dimmed">{actor.service ? 'machine' : actor.roles?.join(', ')}</Text>
      {where && <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{where}</Text>}
    </div>
  );
}
