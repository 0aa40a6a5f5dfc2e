import { Anchor } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../display/EmptyState';

/** A path that is no page. */
export function NotFoundPage() {
  return <EmptyState page icon={<IconMapOff size={24} />} title="There is no such page" action={<Anchor component={Link} to="/cases">My cases</Anchor>}>The link may be old or cut off.</EmptyState>;
}
