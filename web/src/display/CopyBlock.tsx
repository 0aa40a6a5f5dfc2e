import { Code, Group } from '@mantine/core';
import { CopyTextButton } from './CopyTextButton';

/** A text to be taken as it is: a command, a checkpoint. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <Group gap="xs" my="xs" align="flex-start">
      <Code block flex="1 1 16rem" miw={0} tabIndex={0} role="region" aria-label={label} style={{ overflowX: 'auto' }}>{text}</Code>
      <CopyTextButton value={text} what={`the ${label.toLowerCase()}`} />
    </Group>
  );
}
