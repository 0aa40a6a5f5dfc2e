import { Anchor, Group, Loader, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { Link, useParams } from 'react-router';
import { ProblemError, localProblem } from '../api/problem';
import type { Disclosure, DisclosureProgress } from '../api/types';
import { personName, useOpenedCase } from '../cases/useOpenedCase';
import { BackLink } from '../display/BackLink';
import { logPageOf } from '../custody/queries';
import { count, formatBytes } from '../display/bytes';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { Name } from '../display/Name';
import { Waiting } from '../display/Waiting';
import { itemQuery } from '../evidence/queries';
import facts from '../evidence/ItemFacts.module.css';
import { DisclosureStateBadge } from './DisclosureStateBadge';
import { Downloads } from './Downloads';
import { HowToVerify } from './HowToVerify';
import { InRegister } from './InRegister';
import { disclosureQuery } from './queries';

/** A bundle: how far it is, its facts, its download, and how to verify it. */
export function DisclosurePage() {
  const { disclosure: id = '' } = useParams();
  const detail = useOpenedCase();
  const query = useQuery(disclosureQuery(id));
  const { data } = query;
  if (!data) return <Waiting query={query} what="the disclosure" />;
  const { disclosure: d, progress } = data;
  return (
    <Stack>
      <BackLink to={`/cases/${detail.case.id}/disclosure`}>All disclosures</BackLink>
      <Group gap="xs"><Title order={2} fz={20} style={{ overflowWrap: 'anywhere' }}>{d.title}</Title><DisclosureStateBadge state={d.state} /></Group>
      {(d.state === 'requested' || d.state === 'written') && <Writing state={d.state} progress={progress} />}
      {d.state === 'failed' && <ProblemAlert error={failure(d)} />}
      {d.state === 'ready' && <Downloads id={d.id} length={d.length} />}
      <Paper p="md">
        <dl className={facts.facts}>
          <dt>Recipient</dt><dd>{d.recipient}</dd>
          <dt>Purpose</dt><dd>{d.purpose}</dd>
          <dt>Requested</dt><dd><Instant iso={d.requested_at} /> by {personName(detail, d.by)}</dd>
          <dt>Exhibits</dt><dd>{count(d.items, 'exhibit')}, {(d.withheld?.length ?? 0).toLocaleString('en')} withheld with all entries about them; {count(d.withheld_entries?.length ?? 0, 'entry', 'entries')} withheld on their own</dd>
          {d.sha256 && <><dt>SHA-256</dt><dd><Digest sha256={d.sha256} whole /></dd></>}
          {d.log_size > 0 && <><dt>Log</dt><dd>{count(d.log_size, 'entry', 'entries')} under the bundle&rsquo;s checkpoint</dd></>}
          {d.state === 'ready' && <><dt>Register</dt><dd><InRegister id={d.id} /></dd></>}
          {d.withheld_entries?.slice(0, 30).map(({ index, reason }) => (
            <Fragment key={index}><dt>Withheld</dt><dd><Anchor component={Link} size="sm" to={`/cases/${d.case}/custody?from=${String(logPageOf(index))}`}>entry {index.toLocaleString('en')}</Anchor>: {reason}</dd></Fragment>
          ))}
          {d.withheld?.slice(0, 30).map(({ item, reason }) => <Withheld key={item} caseId={d.case} item={item} reason={reason} />)}
        </dl>
      </Paper>
      {d.state === 'ready' && <HowToVerify id={d.id} />}
    </Stack>
  );
}

function Withheld({ caseId, item, reason }: { caseId: string; item: string; reason: string }) {
  const { data } = useQuery(itemQuery(item));
  return (
    <>
      <dt>Withheld</dt>
      <dd><Anchor component={Link} size="sm" to={`/cases/${caseId}/evidence/${item}`}>{data ? <>{data.exhibit_number} <Name text={data.item.name} /></> : 'exhibit'}</Anchor>: {reason}</dd>
    </>
  );
}

function Writing({ state, progress: p }: { state: Disclosure['state']; progress: DisclosureProgress }) {
  const value = p.of_bytes > 0 ? (100 * p.bytes) / p.of_bytes : p.of_items > 0 ? (100 * p.items) / p.of_items : 0;
  return (
    <Paper p="md" role="status">
      <Group gap="xs" mb="xs"><Loader size="xs" /><Text size="sm">{state === 'written' ? 'The bundle is stored and locked; putting it on record' : `Writing the bundle: ${p.items.toLocaleString('en')} of ${count(p.of_items, 'exhibit')}, ${formatBytes(p.bytes)} of ${formatBytes(p.of_bytes)}`}. You may leave this page.</Text></Group>
      <Progress value={state === 'written' ? 100 : value} aria-label="Bundle written" />
    </Paper>
  );
}

function failure(d: Disclosure): ProblemError {
  return new ProblemError(localProblem('incomplete', 'The bundle was not made', d.failure ?? 'The server does not say why.', {
    kept: 'No bundle exists: an export is complete, or it fails.', try: 'See to the cause, then export again.',
  }));
}
