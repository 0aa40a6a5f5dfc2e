import { Group, Skeleton, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useContext, useEffect } from 'react';
import { Outlet, useLocation, useNavigate, useParams } from 'react-router';
import { count } from '../display/bytes';
import { PageHeader } from '../display/PageHeader';
import { ProblemAlert } from '../display/ProblemAlert';
import { ZoneContext } from '../display/zone';
import { ZoneToggle } from '../display/ZoneToggle';
import { LiveBadge } from '../live/LiveBadge';
import { useCaseEvents } from '../live/useCaseEvents';
import { ClassBadge } from './ClassBadge';
import { caseQuery } from './queries';
import { StateBadge } from './StateBadge';

/** The tabs in the order that investigators know; later ones take their place among them. */
const tabs = [
  { value: 'summary', label: 'Summary' },
  { value: 'evidence', label: 'Evidence' },
  { value: 'disclosure', label: 'Disclosure' },
  { value: 'custody', label: 'Custody' },
];

/** What stands around every page of a case: its heading, its tabs, its live updates. */
export function CaseLayout() {
  const { case: id = '' } = useParams();
  const { data, error, refetch } = useQuery(caseQuery(id));
  const live = useCaseEvents(id);
  const tab = useLocation().pathname.split('/')[3] ?? 'summary';
  const navigate = useNavigate();
  const { setCaseZone } = useContext(ZoneContext);
  const zone = data?.case.time_zone;
  useEffect(() => {
    setCaseZone(zone);
    return () => { setCaseZone(undefined); };
  }, [zone, setCaseZone]);

  if (error && !data) return <><PageHeader title="Case" plain="Case" /><ProblemAlert error={error} onRetry={() => void refetch()} /></>;
  if (!data) return <Skeleton h={280} aria-label="Loading the case" />;
  const { case: c } = data;
  return (
    <>
      <PageHeader title={c.title} plain={`${c.number} ${c.title}`} above={c.number} actions={<ZoneToggle />}
        below={<Group gap="xs" mt={4}><StateBadge state={c.state} /><ClassBadge of={c.class} /><Text size="sm" c="dimmed">{count(data.items, 'exhibit')} · {count(data.log_size, 'act')} on record</Text><LiveBadge state={live} /></Group>} />
      <Tabs value={tab} onChange={(value) => { void navigate(value === 'summary' ? `/cases/${id}` : `/cases/${id}/${value ?? ''}`); }} activateTabWithKeyboard={false} keepMounted={false}>
        <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto' }} data-no-print aria-label="Parts of the case">
          {tabs.map(({ value, label }) => <Tabs.Tab key={value} value={value}>{label}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value={tab}><Outlet context={data} /></Tabs.Panel>
      </Tabs>
    </>
  );
}
