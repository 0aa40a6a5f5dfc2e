import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** What a list says when it has nothing: why, and what to do. */
export function EmptyState({ icon, title, children, action, page = false }: {
  icon: ReactNode; title: string; children: ReactNode; action?: ReactNode;
  /** It is the whole page, and its title the page's heading. */
  page?: boolean;
}) {
  return (
    <Center py="xl" px="md">
      <Stack align="center" gap="xs" maw={420}>
        <ThemeIcon size={44} radius="xl" variant="light">{icon}</ThemeIcon>
        <Title order={page ? 1 : 2} ta="center">{title}</Title>
        <Text size="sm" c="dimmed" ta="center">{children}</Text>
        {action}
      </Stack>
    </Center>
  );
}
