import { ActionIcon, Button, Group, Pill, Stack, Text, TextInput } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useState, type KeyboardEvent } from 'react';
import { toProblem } from '../api/problem';
import { useFindPerson } from './queries';

/** Chooses members by login; each is looked up before it is taken. */
export function MemberPicker({ logins, onChange }: { logins: string[]; onChange: (logins: string[]) => void }) {
  const [login, setLogin] = useState('');
  const [names, setNames] = useState<Record<string, string>>({});
  const find = useFindPerson();

  const add = () => {
    const wanted = login.trim();
    if (!wanted) return;
    find.mutate(wanted, {
      onSuccess: (person) => {
        if (!logins.includes(person.login)) onChange([...logins, person.login]);
        setNames((known) => ({ ...known, [person.login]: `${person.name} (${person.roles.join(', ')})` }));
        setLogin('');
      },
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter adds the member; it does not open the case
    add();
  };
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput flex={1} label="Members" description="By login. Whoever is not a member does not learn that the case exists." value={login} autoCapitalize="none" spellCheck={false}
          onChange={(e) => { setLogin(e.currentTarget.value); find.reset(); }} onKeyDown={onKeyDown} error={find.error ? toProblem(find.error).detail : undefined} />
        {!find.error && <Button variant="default" leftSection={<IconUserPlus size={16} />} onClick={add} loading={find.isPending} disabled={!login.trim()}>Add</Button>}
        {find.error && <ActionIcon variant="default" size={36} mb={20} onClick={add} aria-label="Look the login up again"><IconUserPlus size={16} /></ActionIcon>}
      </Group>
      {logins.length > 0 && (
        <Pill.Group aria-label="Chosen members">
          {logins.map((chosen) => (
            <Pill key={chosen} withRemoveButton removeButtonProps={{ 'aria-label': `Remove ${chosen}`, tabIndex: 0, 'aria-hidden': false }} onRemove={() => { onChange(logins.filter((other) => other !== chosen)); }}>
              <Text span size="sm">{names[chosen] ?? chosen}</Text>
            </Pill>
          ))}
        </Pill.Group>
      )}
    </Stack>
  );
}
