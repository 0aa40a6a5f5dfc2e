import { List, Paper, Text, Title } from '@mantine/core';
import { CopyBlock } from '../display/CopyBlock';

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
      <CopyBlock text={command} label="Command" />
      <Text size="sm">It ends with exit code 0 only when every file, seal and entry is what the agency signed, and it names what is not. The proof shows that this disclosure itself is in the log.</Text>
    </Paper>
  );
}
