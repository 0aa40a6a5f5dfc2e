import { Alert, Button, Group, List, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { IconMessageOff } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useParams } from 'react-router';
import { useOpenedCase } from '../cases/useOpenedCase';
import { BackLink } from '../display/BackLink';
import { count } from '../display/bytes';
import { EmptyState } from '../display/EmptyState';
import { Name } from '../display/Name';
import { Waiting } from '../display/Waiting';
import { itemQuery } from '../evidence/queries';
import { ConversationView } from './ConversationView';
import { sessionFindingsQuery } from './queries';
import { displayLines } from './raw';
import { otherReasons, readingOf, type Reading } from './reading';
import { Untrusted } from './Untrusted';

/** What an agent was told and what it did, as the log in an exhibit says. */
export function SessionPage() {
  const { item: id = '' } = useParams();
  const detail = useOpenedCase();
  const item = useQuery(itemQuery(id));
  const query = useInfiniteQuery(sessionFindingsQuery(id));
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const reading = useMemo(() => readingOf(data?.pages.flatMap((page) => page.items) ?? []), [data]);
  const back = <BackLink to={`/cases/${detail.case.id}/evidence/${id}`}>The exhibit</BackLink>;
  if (!data || !item.data) return <Stack>{back}<Waiting query={item.data ? query : item} what="the session" h={320} /></Stack>;
  return (
    <Stack>
      {back}
      <div>
        <Text size="xs" c="dimmed" className="tabular">{item.data.exhibit_number}</Text>
        <Title order={2} fz={20} style={{ overflowWrap: 'anywhere' }}>Session in <Name text={item.data.item.name} /></Title>
      </div>
      {reading ? <Log item={id} reading={reading} /> : (
        <EmptyState icon={<IconMessageOff size={24} />} title="No session of an agent">Nothing in this exhibit was recognised as the log of an AI agent, or it was not analysed yet.</EmptyState>
      )}
      {hasNextPage && <Button variant="default" w="fit-content" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Read on</Button>}
    </Stack>
  );
}

function Log({ item, reading }: { item: string; reading: Reading }) {
  const [chosen, setChosen] = useState(0);
  const conversation = reading.conversations[chosen] ?? reading.conversations[0];
  return (
    <>
      <Account reading={reading} />
      {reading.conversations.length > 1 && (
        <NativeSelect label={`Session, of ${String(reading.conversations.length)}`} value={String(chosen)} onChange={(e) => { setChosen(Number(e.currentTarget.value)); }} maw={520}
          data={reading.conversations.map(({ id, details }, i) => ({ value: String(i), label: displayLines(`${details.first_utc ?? ''} ${details.title?.split('\n')[0] ?? id}`.trim()).slice(0, 120) }))} />
      )}
      {conversation && <ConversationView key={`${String(reading.runs)} ${conversation.id}`} item={item} conversation={conversation} unpacked={reading.details.unpacked === 'true'} />}
    </>
  );
}

/** What became of every record of the log. */
function Account({ reading }: { reading: Reading }) {
  const { details, bad } = reading;
  const n = (name: string) => Number(details[name] ?? 0);
  return (
    <Paper p="md" bg="var(--surface-quiet)">
      <Text size="sm"><strong>{displayLines(details.product ?? reading.format)}</strong>: {count(n('records'), 'record')}, of which {n('read').toLocaleString('en')} were read, {n('other').toLocaleString('en')} hold nothing said or done, and {n('bad').toLocaleString('en')} cannot be read.</Text>
      <Text size="sm" c="dimmed">A log says so; that proves nothing by itself. Programs other than the agent can write such files.</Text>
      {details.unpacked && <Text size="sm" c="dimmed">The log is compressed: bytes are counted in what it unpacks to.</Text>}
      {reading.runs > 1 && <Text size="sm" c="dimmed">It was analysed {reading.runs} times; this is the last.</Text>}
      {bad.length > 0 && (
        <Alert color="alarm" mt="xs" title="Records that cannot be read">
          <List size="sm">{bad.map(({ why, at }) => <List.Item key={`${String(at.offset)} ${why}`}>{at.line && `Line ${at.line}: `}<Untrusted text={why} /></List.Item>)}</List>
        </Alert>
      )}
      {(reading.truncated || details.left_out) && <Alert color="wax" mt="xs" title="Not all turns and acts are kept">{n('left_out') > 0 && `${count(n('left_out'), 'turn or act', 'turns and acts')} after those kept are counted and not shown.`} Download the exhibit for them.</Alert>}
      {details.partly && <Alert color="wax" mt="xs">{displayLines(details.partly)}</Alert>}
      <Reasons details={details} />
    </Paper>
  );
}

function Reasons({ details }: { details: Record<string, string> }) {
  const reasons = otherReasons(details);
  if (reasons.length === 0) return null;
  return (
    <details>
      <summary><Text span size="sm">What the others are</Text></summary>
      <Group gap="xs" mt={4}>{reasons.map(([reason, times]) => <Text key={reason} size="xs" c="dimmed"><Untrusted text={reason} />: {times}</Text>)}</Group>
    </details>
  );
}
