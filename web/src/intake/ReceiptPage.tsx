import { Alert, Anchor, Button, CopyButton, Group, Loader, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconCheck, IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Item } from '../api/types';
import { personName, useOpenedCase } from '../cases/useOpenedCase';
import { count } from '../display/bytes';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { useZoneName } from '../display/zone';
import { ReceiptTable } from './ReceiptTable';
import { deliveredQuery, intakeQuery } from './queries';
import { receiptText, saveText } from './receipt';

/** What a delivery became: each exhibit with its number, SHA-256, seal and lock. */
export function ReceiptPage() {
  const { intake: id = '' } = useParams();
  const detail = useOpenedCase();
  const zone = useZoneName();
  const { data, error, refetch } = useQuery(intakeQuery(id));
  const first = data?.intake.first_exhibit ?? 1;
  const items = useQuery(deliveredQuery(detail.case.id, id, first, data?.progress));
  if (error && !data) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={240} aria-label="Loading the receipt" />;
  const { intake, progress } = data;
  const text = receiptText(detail, intake, items.data ?? [], zone);
  return (
    <Stack>
      <Anchor component={Link} to={`/cases/${detail.case.id}/evidence`} size="sm" w="fit-content" data-no-print><Group gap={4}><IconArrowLeft size={14} />All evidence</Group></Anchor>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Title order={2} fz={20}>Receipt</Title>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{intake.source}{intake.authority && ` · ${intake.authority}`}</Text>
          <Text size="xs" c="dimmed">Begun <Instant iso={intake.opened_at} /> by {personName(detail, intake.opened_by)} · <span style={{ overflowWrap: 'anywhere' }}>{intake.id}</span></Text>
        </div>
        <Group gap="xs" data-no-print>
          <CopyButton value={text}>{({ copied, copy }) => <Button size="xs" variant="default" leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveText(text, `receipt-${detail.case.number}.txt`); }}>Save</Button>
          <Button size="xs" variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print(); }}>Print</Button>
        </Group>
      </Group>
      <Standing items={items.data} done={progress.state === 'done'} />
      {items.error && <ProblemAlert error={items.error} onRetry={() => void items.refetch()} />}
      <Paper>{items.data ? <ReceiptTable items={items.data} detail={detail} /> : !items.error && <Skeleton h={160} />}</Paper>
    </Stack>
  );
}

/** How far a delivery has come: its seals are made by reading the stored bytes back. */
function Standing({ items, done }: { items: Item[] | undefined; done: boolean }) {
  const number = (state: Item['state']) => items?.filter((item) => item.state === state).length ?? 0;
  const [sealed, quarantined] = [number('sealed'), number('quarantined')];
  if (quarantined > 0) {
    return <Alert color="alarm" title={`${count(quarantined, 'exhibit')} quarantined`} role="status">What was read back is not what was declared. The bytes are kept apart; compare the source and add it again.</Alert>;
  }
  if (items && sealed === items.length && (sealed > 0 || done)) {
    return <Alert color="seal" icon={<IconCheck size={18} />} title={`${count(sealed, 'exhibit')} received, read back and sealed`} role="status" data-receipt="sealed">{done ? 'The delivery is complete.' : 'The delivery is complete as soon as its analysis is.'}</Alert>;
  }
  return <Group gap="xs" role="status"><Loader size="xs" /><Text size="sm">Received and locked. Reading the stored bytes back and sealing them: {sealed.toLocaleString('en')} of {count(items?.length ?? 0, 'exhibit')}. You may leave this page.</Text></Group>;
}
