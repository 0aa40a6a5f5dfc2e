import { Text } from '@mantine/core';
import type { LiveState } from './useCaseEvents';

const words: Record<LiveState, { text: string; color: string; title: string }> = {
  connecting: { text: 'connecting', color: 'wax', title: 'Waiting for the server; what you see may be a little old' },
  live: { text: 'live', color: 'seal', title: 'New acts appear by themselves' },
  lost: { text: 'not live', color: 'gray', title: 'New acts do not appear by themselves; reload to see them' },
};

/** Whether the page follows the log. */
export function LiveBadge({ state }: { state: LiveState }) {
  const { text, color, title } = words[state];
  return (
    <Text size="xs" c="dimmed" title={title} role="status" data-live={state}>
      <span aria-hidden style={{ display: 'inline-block', width: 7, height: 7, borderRadius: 7, marginRight: 5, background: `var(--mantine-color-${color}-6)` }} />
      {text}
    </Text>
  );
}
