import { Alert, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Item } from '../api/types';
import { personName, useOpenedCase } from '../cases/useOpenedCase';
import { BackLink } from '../display/BackLink';
import { count } from '../display/bytes';
import { CopyTextButton } from '../display/CopyTextButton';
import { Instant } from '../display/Instant';
import { Waiting } from '../display/Waiting';
import { useZoneName } from '../display/zone';
import { ReceiptTable } from './ReceiptTable';
import { deliveredQuery, intakeQuery } from './queries';
import { receiptText, saveText } from './receipt';

/** What a delivery became: each exhibit with its number, SHA-256, seal and lock. */
export function ReceiptPage() {
  const { intake: id = '' } = useParams();
  const detail = useOpenedCase();
  const zone = useZoneName();
  const query = useQuery(intakeQuery(id));
  const { data } = query;
  const first = data?.intake.first_exhibit ?? 1;
  const items = useQuery(deliveredQuery(detail.case.id, id, first, data?.progress));
  if (!data) return <Waiting query={query} what="the receipt" />;
  const { intake, progress } = data;
  const text = receiptText(detail, intake, items.data ?? [], zone);
  return (
    <Stack>
      <BackLink to={`/cases/${detail.case.id}/evidence`}>All evidence</BackLink>
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Title order={2} fz={20}>Receipt</Title>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{intake.source}{intake.authority && ` · ${intake.authority}`}</Text>
          <Text size="xs" c="dimmed">Begun <Instant iso={intake.opened_at} /> by {personName(detail, intake.opened_by)} · <span style={{ overflowWrap: 'anywhere' }}>{intake.id}</span></Text>
        </div>
        <Group gap="xs" data-no-print>
          <CopyTextButton value={text} />
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveText(text, `receipt-${detail.case.number}.txt`); }}>Save</Button>
          <Button size="xs" variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print(); }}>Print</Button>
        </Group>
      </Group>
      <Standing items={items.data} done={progress.state === 'done'} />
      <Waiting query={items} what="the exhibits" h={160} />
      {items.data && <Paper><ReceiptTable items={items.data} detail={detail} /></Paper>}
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
