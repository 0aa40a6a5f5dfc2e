import { Badge, Text } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import type { Entry } from '../api/types';
import { clockNote } from './clock';

/** Marks an entry whose time is out of order, and says what to hold on to. */
export function ClockMark({ entry }: { entry: Entry }) {
  const note = clockNote(entry);
  if (!note) return null;
  return (
    <div data-clock="behind">
      <Badge color="wax" variant="light" tt="none" leftSection={<IconClockExclamation size={12} aria-hidden />}>Clock was behind</Badge>
      <Text size="xs" c="var(--text-warn)" style={{ whiteSpace: 'normal' }}>{note}</Text>
    </div>
  );
}
