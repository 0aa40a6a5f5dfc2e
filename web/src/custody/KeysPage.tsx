import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { CopyBlock } from '../display/CopyBlock';
import { PageHeader } from '../display/PageHeader';
import { Waiting } from '../display/Waiting';

/** The agency's public keys: what a verifier trusts, and takes from nowhere but here or print. */
export function KeysPage() {
  const query = useQuery({ queryKey: ['keys'], queryFn: () => answer(api.GET('/api/v1/keys', { parseAs: 'text' })) });
  return (
    <>
      <PageHeader title="Public keys" plain="Public keys" below={<Text size="sm" c="dimmed">Seals and checkpoints are signed with these. Whoever verifies a bundle needs them from you, by another way than the bundle.</Text>}
        actions={<Button component="a" variant="default" href="/api/v1/keys" download="agency.vkey" leftSection={<IconDownload size={16} />}>Save as agency.vkey</Button>} />
      <Waiting query={query} what="the keys" h={80} />
      {query.data && <CopyBlock text={query.data} label="Keys" />}
    </>
  );
}
