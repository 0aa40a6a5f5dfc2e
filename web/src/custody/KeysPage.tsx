import { Button, Code, Skeleton, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { PageHeader } from '../display/PageHeader';
import { ProblemAlert } from '../display/ProblemAlert';

/** The agency's public keys: what a verifier trusts, and takes from nowhere but here or print. */
export function KeysPage() {
  const { data, error, refetch } = useQuery({ queryKey: ['keys'], queryFn: () => answer(api.GET('/api/v1/keys', { parseAs: 'text' })) });
  return (
    <>
      <PageHeader title="Public keys" plain="Public keys" below={<Text size="sm" c="dimmed">Seals and checkpoints are signed with these. Whoever verifies a bundle needs them from you, by another way than the bundle.</Text>}
        actions={<Button component="a" variant="default" href="/api/v1/keys" download="agency.vkey" leftSection={<IconDownload size={16} />}>Save as agency.vkey</Button>} />
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={80} />}
      {data && <Code block tabIndex={0} aria-label="Keys" style={{ overflowX: 'auto' }}>{data}</Code>}
    </>
  );
}
