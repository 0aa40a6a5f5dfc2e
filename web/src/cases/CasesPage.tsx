import { Button, Group, Skeleton, Text, TextInput } from '@mantine/core';
import { IconBriefcase, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../display/EmptyState';
import { PageHeader } from '../display/PageHeader';
import { ProblemAlert } from '../display/ProblemAlert';
import { ZoneToggle } from '../display/ZoneToggle';
import { useHasRole } from '../session/queries';
import { CasesTable } from './CasesTable';
import { findCases, useCases } from './useCases';

/** The cases of which the person is a member. */
export function CasesPage() {
  const [search, setSearch] = useState('');
  const { cases, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useCases({ all: search.trim() !== '' });
  const mayOpen = useHasRole('investigator', 'supervisor');
  return (
    <>
      <PageHeader title="My cases" plain="My cases" actions={<ZoneToggle />} />
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {!cases && !error && <Skeleton h={240} aria-label="Loading the cases" />}
      {cases && cases.length > 0 && (
        <Group mb="sm" justify="space-between">
          <TextInput w={{ base: '100%', xs: 280 }} leftSection={<IconSearch size={16} />} placeholder="Number, title, class or state" aria-label="Find a case in the list" value={search} onChange={(e) => { setSearch(e.currentTarget.value); }} />
          <Text size="sm" c="dimmed" className="tabular" role="status">{shown(cases.length, hasNextPage, search.trim() !== '')}</Text>
        </Group>
      )}
      {cases?.length === 0 && (
        <EmptyState icon={<IconBriefcase size={24} />} title="You are in no case yet"
          action={mayOpen && <Button component={Link} to="/cases/new" leftSection={<IconPlus size={16} />}>Open a case</Button>}>
          {mayOpen ? 'Open one, or ask a member of a case to add you by your login.' : 'A case is shown to its members only. Ask a member to add you by your login.'}
        </EmptyState>
      )}
      {cases && cases.length > 0 && <CasesTable cases={findCases(cases, search)} />}
      {hasNextPage && <Button mt="sm" size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>More cases</Button>}
    </>
  );
}

/** How much of the list is looked at. */
function shown(loaded: number, more: boolean, searching: boolean): string {
  if (!more) return '';
  return searching ? `Searching: ${loaded.toLocaleString('en')} cases so far` : `The newest ${loaded.toLocaleString('en')} cases; there are more`;
}
