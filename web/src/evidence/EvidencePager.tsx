import { Button, Group, NumberInput, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '../api/types';

/**
 * Moves through a long list by exhibit number; any place is one request away. From
 * is the first exhibit of the page that is shown, next that of the page after it, 0
 * where there is none.
 */
export function EvidencePager({ from, items, total, size, next, onGo }: {
  from: number; items: Item[]; total: number; size: number; next: number; onGo: (from: number) => void;
}) {
  const [exhibit, setExhibit] = useState<string | number>('');
  if (from === 1 && next === 0) return null;
  const jump = (event: FormEvent) => {
    event.preventDefault();
    if (typeof exhibit === 'number' && exhibit > 0) onGo(exhibit);
  };
  const [first, last] = [items[0], items[items.length - 1]];
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages of the evidence">
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => { onGo(1); }} disabled={from === 1} aria-label="First page"><IconChevronsLeft size={16} /></Button>
        <Button size="xs" variant="default" leftSection={<IconChevronLeft size={16} />} onClick={() => { onGo(Math.max(1, from - size)); }} disabled={from === 1}>Previous</Button>
        <Button size="xs" variant="default" rightSection={<IconChevronRight size={16} />} onClick={() => { onGo(next); }} disabled={next === 0}>Next</Button>
        <Text size="sm" c="dimmed" className="tabular" role="status">{first && last ? `${first.exhibit.toLocaleString('en')}–${last.exhibit.toLocaleString('en')} of ${total.toLocaleString('en')}` : 'Nothing here'}</Text>
      </Group>
      <form onSubmit={jump}>
        <Group gap="xs" wrap="nowrap">
          <NumberInput size="xs" w={120} min={1} max={Math.max(1, total)} hideControls allowDecimal={false} placeholder="Exhibit no." aria-label="Go to exhibit number" value={exhibit} onChange={setExhibit} />
          <Button size="xs" variant="default" type="submit">Go</Button>
        </Group>
      </form>
    </Group>
  );
}
