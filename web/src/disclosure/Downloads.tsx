import { Button, Group } from '@mantine/core';
import { IconDownload, IconFileCertificate, IconKey } from '@tabler/icons-react';
import { formatBytes } from '../display/bytes';
import { ProblemAlert } from '../display/ProblemAlert';
import { useDownload } from '../display/useDownload';
import { openedBy, recordFetch } from './queries';

/** What a recipient gets: the bundle, its proof, and, by another way, the keys. */
export function Downloads({ id, length }: { id: string; length: number }) {
  const download = useDownload(async () => openedBy(id, await recordFetch(id)));
  return (
    <>
      {download.error && <ProblemAlert error={download.error} />}
      <Group gap="xs">
        <Button loading={download.isPending} onClick={() => { download.mutate(undefined); }} leftSection={<IconDownload size={16} />}>Download the bundle ({formatBytes(length)})</Button>
        <Button component="a" variant="default" href={`/api/v1/disclosures/${id}/proof`} download leftSection={<IconFileCertificate size={16} />}>Proof</Button>
        <Button component="a" variant="default" href="/api/v1/keys" download="agency.vkey" leftSection={<IconKey size={16} />}>Public keys</Button>
      </Group>
    </>
  );
}
