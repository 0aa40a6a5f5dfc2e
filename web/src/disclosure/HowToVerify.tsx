import { Button, Code, CopyButton, Group, List, Paper, Text, Title } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** What the recipient does, with the exact command. */
export function HowToVerify({ id }: { id: string }) {
  const command = `sealcase-verify ${id}.zip -key agency.vkey`;
  return (
    <Paper p="md" bg="var(--surface-quiet)">
      <Title order={3} mb="xs">How to verify</Title>
      <List size="sm" type="ordered" spacing={4}>
        <List.Item>Give the recipient the bundle. Give the public keys <b>by another way</b>: print them, publish them, hand them over in court.</List.Item>
        <List.Item>On any machine, without a network, the recipient runs:</List.Item>
      </List>
      <Group gap="xs" my="xs" wrap="nowrap">
        <Code block flex={1} tabIndex={0} aria-label="Command" style={{ overflowX: 'auto' }}>{command}</Code>
        <CopyButton value={command}>{({ copied, copy }) => <Button size="xs" variant="default" leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
      </Group>
      <Text size="sm">It ends with exit code 0 only when every file, seal and entry is what the agency signed, and it names what is not. The proof shows that this disclosure itself is in the log.</Text>
    </Paper>
  );
}
