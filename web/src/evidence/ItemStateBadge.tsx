import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconHourglass, IconLock } from '@tabler/icons-react';
import type { Item } from '../api/types';
import { itemStates } from './states';

const icons = { received: IconHourglass, sealed: IconLock, quarantined: IconAlertTriangle };

/** How far an item has come, in a word. */
export function ItemStateBadge({ state }: { state: Item['state'] }) {
  const { color, label, meaning } = itemStates[state];
  const Icon = icons[state];
  return <Badge color={color} variant="light" tt="none" title={meaning} leftSection={<Icon size={12} aria-hidden />}>{label}</Badge>;
}
