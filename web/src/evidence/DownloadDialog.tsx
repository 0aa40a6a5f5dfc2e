import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { limits } from '../api/limits';
import type { Item } from '../api/types';
import { formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import { ProblemAlert } from '../display/ProblemAlert';
import { useDownload } from '../display/useDownload';
import { openedBy, recordRead } from './queries';

/** Asks for the purpose of a download, which goes on record before the first byte leaves. */
export function DownloadDialog({ item, number, opened, onClose }: { item: Item; number: string; opened: boolean; onClose: () => void }) {
  const [purpose, setPurpose] = useState('');
  const given = purpose.trim();
  const download = useDownload(async (why: string) => openedBy(item.id, await recordRead(item.id, why)), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given) download.mutate(given);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Download ${number}`}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm"><Name text={item.name} /> · {formatBytes(item.length)}. Treat it as hostile: it is evidence, and nobody cleaned it.</Text>
          <TextInput label="Purpose" description="Goes on record under your name, signed with your own key, before the first byte leaves." required maxLength={limits.ReadRequest.purpose} data-autofocus value={purpose} onChange={(e) => { setPurpose(e.currentTarget.value); }} />
          {download.error && <ProblemAlert error={download.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={!given} leftSection={<IconDownload size={16} />} loading={download.isPending}>Put on record and download</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
