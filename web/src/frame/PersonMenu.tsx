import { Avatar, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { usePerson, useSignOut } from '../session/queries';

/** Who is signed in, in which roles, and the way out. */
export function PersonMenu() {
  const person = usePerson();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={`Signed in as ${person.name}`} style={{ borderRadius: 99 }}>
          <Group gap={8} wrap="nowrap">
            <Avatar name={person.name} color="harbour" size={30} />
            <Text size="sm" visibleFrom="md">{person.name}</Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">{person.name}</Text>
          <Text size="xs">{person.login} · {person.roles.join(', ')}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => { signOut.mutate(); }}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
