import { Button, Group, Skeleton, TextInput } from '@mantine/core';
import { IconBriefcase, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../display/EmptyState';
import { PageHeader } from '../display/PageHeader';
import { ProblemAlert } from '../display/ProblemAlert';
import { ZoneToggle } from '../display/ZoneToggle';
import { useHasRole } from '../session/queries';
import { CasesTable } from './CasesTable';
import { casesQuery } from './queries';

/** The cases of which the person is a member. */
export function CasesPage() {
  const { data: cases, error, refetch } = useQuery(casesQuery);
  const mayOpen = useHasRole('investigator', 'supervisor');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = cases?.filter(({ case: c }) => `${c.number} ${c.title} ${c.state}`.toLowerCase().includes(wanted));
  return (
    <>
      <PageHeader title="My cases" plain="My cases" actions={<ZoneToggle />} />
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {!cases && !error && <Skeleton h={240} aria-label="Loading the cases" />}
      {cases && cases.length > 0 && (
        <Group mb="sm">
          <TextInput w={{ base: '100%', xs: 280 }} leftSection={<IconSearch size={16} />} placeholder="Number, title or state" aria-label="Find a case in the list" value={search} onChange={(e) => { setSearch(e.currentTarget.value); }} />
        </Group>
      )}
      {cases?.length === 0 && (
        <EmptyState icon={<IconBriefcase size={24} />} title="You are in no case yet"
          action={mayOpen && <Button component={Link} to="/cases/new" leftSection={<IconPlus size={16} />}>Open a case</Button>}>
          {mayOpen ? 'Open one, or ask a member of a case to add you by your login.' : 'A case is shown to its members only. Ask a member to add you by your login.'}
        </EmptyState>
      )}
      {found && cases && cases.length > 0 && <CasesTable cases={found} />}
    </>
  );
}
