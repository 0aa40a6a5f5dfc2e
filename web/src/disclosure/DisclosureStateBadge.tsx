import { Badge } from '@mantine/core';
import type { Disclosure } from '../api/types';

const looks: Record<Disclosure['state'], { color: string; label: string }> = {
  requested: { color: 'wax', label: 'Being written' },
  written: { color: 'wax', label: 'Being logged' },
  ready: { color: 'seal', label: 'Ready' },
  failed: { color: 'alarm', label: 'Failed' },
};

/** How far a disclosure has come. */
export function DisclosureStateBadge({ state }: { state: Disclosure['state'] }) {
  const { color, label } = looks[state];
  return <Badge color={color} variant="light" tt="none">{label}</Badge>;
}
