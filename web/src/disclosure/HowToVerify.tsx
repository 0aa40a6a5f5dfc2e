import { Code, List, Paper, Text, Title } from '@mantine/core';
import { CopyBlock } from '../display/CopyBlock';

/** What the recipient does, without a program and with one. */
export function HowToVerify({ id }: { id: string }) {
  return (
    <Paper p="md" bg="var(--surface-quiet)">
      <Title order={3} mb="xs">How to verify</Title>
      <List size="sm" type="ordered" spacing={6}>
        <List.Item>Give the recipient the bundle and the proof. Give the public keys <b>by another way</b>: print them, publish them, hand them over in court.</List.Item>
        <List.Item><b>In a browser, without a network:</b> the bundle contains the page <Code>verify.html</Code>. Take it out of the zip, open it, and give it the whole zip, the public keys and the proof. It also shows the custody as a timeline. Whoever forges a bundle could forge that page as well: for a dispute, take the page or the program from the agency, or compare its SHA-256 with the published one.</List.Item>
        <List.Item><b>With a program, on any machine:</b></List.Item>
      </List>
      <CopyBlock text={`sealcase-verify ${id}.zip -key agency.vkey -proof ${id}.zip.proof.json`} label="Command" />
      <Text size="sm">Both say which file, seal, entry or signature is not what the agency and its people signed; the program ends with exit code 0 only when all of them are. The proof shows that this disclosure itself is in the log, and who outside the agency vouched for it. The keys of witnesses (<Code>-witness</Code>) come from the witnesses.</Text>
    </Paper>
  );
}
