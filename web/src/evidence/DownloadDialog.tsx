import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Item } from '../api/types';
import { formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import { ProblemAlert } from '../display/ProblemAlert';
import { useDownload } from '../display/useDownload';

/** Asks for the purpose of a download, which goes on record before the first byte leaves. */
export function DownloadDialog({ item, number, opened, onClose }: { item: Item; number: string; opened: boolean; onClose: () => void }) {
  const [purpose, setPurpose] = useState('');
  const given = purpose.trim();
  const download = useDownload(onClose);
  return (
    <Modal opened={opened} onClose={onClose} title={`Download ${number}`}>
      <Stack>
        <Text size="sm"><Name text={item.name} /> · {formatBytes(item.length)}. Treat it as hostile: it is evidence, and nobody cleaned it.</Text>
        <TextInput label="Purpose" description="Goes on record under your name, signed with your own key, before the first byte leaves." required maxLength={2000} data-autofocus value={purpose} onChange={(e) => { setPurpose(e.currentTarget.value); }} />
        {download.error && <ProblemAlert error={download.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button component="a" href={given ? `/api/v1/evidence/${item.id}/content?purpose=${encodeURIComponent(given)}` : undefined} {...(!given && { 'data-disabled': true, 'aria-disabled': true })}
            leftSection={<IconDownload size={16} />} loading={download.isPending} onClick={download.onClick}>
            Put on record and download
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
