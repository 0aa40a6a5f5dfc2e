import { Avatar, Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { CaseDetail } from '../api/types';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { usePerson } from '../session/queries';
import { mayInCase } from './classes';
import { MemberPicker } from './MemberPicker';
import { useAddMember } from './queries';

/** Who is in the case, and the way to add somebody. */
export function MembersPanel({ detail }: { detail: CaseDetail }) {
  const mayAdd = mayInCase(usePerson(), detail).add;
  const [opened, dialog] = useDisclosure(false);
  return (
    <Paper p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Members</Title>
        {mayAdd && <Button size="xs" variant="default" leftSection={<IconUserPlus size={14} />} onClick={dialog.open}>Add member</Button>}
      </Group>
      <Stack gap="xs">
        {detail.members.map((member) => (
          <Group key={member.person} gap="sm" wrap="nowrap">
            <Avatar name={member.name} color="harbour" size={30} aria-hidden />
            <div>
              <Text size="sm" fw={550}>{member.name} <Text span c="dimmed" fw={400}>{member.login}</Text></Text>
              <Text size="xs" c="dimmed">since <Instant iso={member.added_at} /></Text>
            </div>
          </Group>
        ))}
      </Stack>
      <Modal opened={opened} onClose={dialog.close} title="Add members">
        <AddMembers caseId={detail.case.id} onDone={dialog.close} />
      </Modal>
    </Paper>
  );
}

function AddMembers({ caseId, onDone }: { caseId: string; onDone: () => void }) {
  const [logins, setLogins] = useState<string[]>([]);
  const add = useAddMember(caseId);
  const addAll = async () => {
    // One after the other: each is an act of its own, and a failure names who is still to be added.
    for (const login of logins) {
      await add.mutateAsync(login);
      setLogins((left) => left.filter((other) => other !== login));
    }
    onDone();
  };
  return (
    <Stack>
      <MemberPicker logins={logins} onChange={setLogins} />
      {add.error && <ProblemAlert error={add.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>Cancel</Button>
        <Button disabled={logins.length === 0} loading={add.isPending} onClick={() => { addAll().catch(() => undefined /* shown above */); }}>Add to the case</Button>
      </Group>
    </Stack>
  );
}
