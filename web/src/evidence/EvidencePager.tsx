import { Button, Group, NumberInput, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';

/** Moves through a long list by exhibit number; any place is one request away. */
export function EvidencePager({ after, shown, total, size, hasNext, onGo }: {
  after: number; shown: number; total: number; size: number; hasNext: boolean; onGo: (after: number) => void;
}) {
  const [exhibit, setExhibit] = useState<string | number>('');
  if (after === 0 && !hasNext) return null;
  const jump = (event: FormEvent) => {
    event.preventDefault();
    if (typeof exhibit === 'number' && exhibit > 0) onGo(exhibit - 1);
  };
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages of the evidence">
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => { onGo(0); }} disabled={after === 0} aria-label="First page"><IconChevronsLeft size={16} /></Button>
        <Button size="xs" variant="default" leftSection={<IconChevronLeft size={16} />} onClick={() => { onGo(Math.max(0, after - size)); }} disabled={after === 0}>Previous</Button>
        <Button size="xs" variant="default" rightSection={<IconChevronRight size={16} />} onClick={() => { onGo(after + size); }} disabled={!hasNext}>Next</Button>
        <Text size="sm" c="dimmed" className="tabular" role="status">{shown > 0 ? `${(after + 1).toLocaleString('en')}–${(after + shown).toLocaleString('en')} of ${total.toLocaleString('en')}` : 'Nothing here'}</Text>
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
