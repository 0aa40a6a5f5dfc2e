import { Alert, Anchor, Button, Group, NumberInput, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSearchParams } from 'react-router';
import { useOpenedCase } from '../cases/useOpenedCase';
import { Waiting } from '../display/Waiting';
import { LogTable } from './LogTable';
import { logPageOf, logPageSize, logQuery } from './queries';

/** The case's log: newest page first, any page one request away. */
export function CustodyTab() {
  const detail = useOpenedCase();
  const [search, setSearch] = useSearchParams();
  const end = Math.max(0, logPageOf(detail.log_size - 1));
  const asked = Number.parseInt(search.get('from') ?? '', 10);
  const from = Number.isNaN(asked) ? end : Math.max(0, Math.min(asked, end));
  const query = useQuery(logQuery(detail.case.id, from));
  const { data, isPlaceholderData } = query;
  const go = (to: number) => { setSearch({ from: String(Math.max(0, to)) }); };
  return (
    <>
      <Alert variant="light" color="gray" icon={<IconShieldCheck size={18} />} mb="md" data-no-print>
        <Text size="sm">
          Every act is a leaf of this case&rsquo;s Merkle tree; nothing is edited or removed. Its signed head:{' '}
          <Anchor size="sm" inherit underline="always" href={`/api/v1/cases/${detail.case.id}/checkpoint`} download={`${detail.case.number}.checkpoint.txt`}>checkpoint</Anchor>.
        </Text>
      </Alert>
      <Waiting query={query} what="the log" h={320} />
      {data && <LogTable entries={data.items} caseId={detail.case.id} dimmed={isPlaceholderData} />}
      {data && <LogPager from={from} shown={data.items.length} size={data.size} onGo={go} />}
    </>
  );
}

function LogPager({ from, shown, size, onGo }: { from: number; shown: number; size: number; onGo: (from: number) => void }) {
  const [index, setIndex] = useState<string | number>('');
  if (size <= logPageSize) return null;
  const jump = (event: FormEvent) => {
    event.preventDefault();
    if (typeof index === 'number') onGo(logPageOf(index));
  };
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages of the log" data-no-print>
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconChevronLeft size={16} />} disabled={from + shown >= size} onClick={() => { onGo(from + logPageSize); }}>Newer</Button>
        <Button size="xs" variant="default" rightSection={<IconChevronRight size={16} />} disabled={from === 0} onClick={() => { onGo(from - logPageSize); }}>Older</Button>
        <Text size="sm" c="dimmed" className="tabular" role="status">{from.toLocaleString('en')}–{(from + shown - 1).toLocaleString('en')} of {size.toLocaleString('en')}</Text>
      </Group>
      <form onSubmit={jump}>
        <Group gap="xs" wrap="nowrap">
          <NumberInput size="xs" w={120} min={0} max={size - 1} hideControls allowDecimal={false} placeholder="Entry no." aria-label="Go to entry number" value={index} onChange={setIndex} />
          <Button size="xs" variant="default" type="submit">Go</Button>
        </Group>
      </form>
    </Group>
  );
}
