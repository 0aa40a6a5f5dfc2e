import { Group, ThemeIcon } from '@mantine/core';
import type { Entry } from '../api/types';
import { lookOf } from './acts';

/** What was done, with its picture. */
export function ActLabel({ entry }: { entry: Entry }) {
  const { label, icon: Icon, color } = lookOf(entry);
  return (
    <Group gap={8} wrap="nowrap">
      <ThemeIcon size={22} variant="light" color={color} radius="xl"><Icon size={13} aria-hidden /></ThemeIcon>
      <span style={{ fontWeight: 550 }}>{label}</span>
    </Group>
  );
}
