import { Button, Group, Text } from '@mantine/core';
import { IconPackage, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { acceptsEvidence } from '../cases/states';
import { useOpenedCase } from '../cases/useOpenedCase';
import { EmptyState } from '../display/EmptyState';
import { Waiting } from '../display/Waiting';
import { InterruptedIntakes } from '../intake/InterruptedIntakes';
import { useHasRole } from '../session/queries';
import { EvidencePager } from './EvidencePager';
import { EvidenceTable } from './EvidenceTable';
import { evidencePageSize, evidenceQuery } from './queries';

/** The evidence of a case, a page at a time. Its place is in the address, so that it can be shared and kept. */
export function EvidenceTab() {
  const detail = useOpenedCase();
  const [search, setSearch] = useSearchParams();
  const from = Math.max(1, Number.parseInt(search.get('from') ?? '', 10) || 1);
  const query = useQuery(evidenceQuery(detail.case.id, from));
  const { data: page, isPlaceholderData } = query;
  const mayAdd = useHasRole('examiner', 'investigator', 'supervisor') && acceptsEvidence(detail.case.state);
  const add = mayAdd && <Button component={Link} to="add" leftSection={<IconUpload size={16} />}>Add evidence</Button>;
  const go = (to: number) => { setSearch(to > 1 ? { from: String(to) } : {}); };
  return (
    <>
      {mayAdd && <InterruptedIntakes caseId={detail.case.id} />}
      <Waiting query={query} what="the evidence" h={320} />
      {page && detail.items === 0 && page.items.length === 0 && (
        <EmptyState icon={<IconPackage size={24} />} title="No evidence yet" action={add}>
          {mayAdd ? 'Add files or a whole folder. Each is hashed on this machine, locked on arrival and sealed.' : 'Nothing was brought into this case so far.'}
        </EmptyState>
      )}
      {page && (detail.items > 0 || page.items.length > 0) && (
        <>
          <Group justify="space-between" mb="xs">
            <Text size="sm" c="dimmed" role="status">{detail.items.toLocaleString('en')} exhibits{detail.received > 0 ? `, ${detail.received.toLocaleString('en')} being read back` : ''}</Text>
            {add}
          </Group>
          <EvidenceTable items={page.items} detail={detail} dimmed={isPlaceholderData} />
          <EvidencePager from={from} items={page.items} total={Math.max(detail.items, page.total)} size={evidencePageSize} next={Number(page.next)} onGo={go} />
        </>
      )}
    </>
  );
}
