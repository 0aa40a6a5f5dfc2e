import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** A page's heading, which also names the browser's tab. */
export function PageHeader({ title, plain, above, below, actions }: {
  title: ReactNode; plain: string; above?: ReactNode; below?: ReactNode; actions?: ReactNode;
}) {
  useDocumentTitle(`${plain} · Sealcase`);
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="md">
      <Stack gap={2} miw={0} flex="1 1 16rem">
        {above && <Text size="xs" c="dimmed" component="div">{above}</Text>}
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>{title}</Title>
        {below}
      </Stack>
      {actions && <Group gap="xs" data-no-print>{actions}</Group>}
    </Group>
  );
}
