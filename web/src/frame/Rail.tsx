import { NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { NavLink as RouterLink, useLocation } from 'react-router';
import { StateDot } from '../cases/StateDot';
import { useCases } from '../cases/useCases';
import { usePerson } from '../session/queries';
import { rooms } from './rooms';
import classes from './Rail.module.css';

/** The left rail: the rooms of the program, then the cases at hand. */
export function Rail({ onNavigate }: { onNavigate: () => void }) {
  const { pathname } = useLocation();
  const person = usePerson();
  const { cases } = useCases();
  const open = rooms.filter(({ roles }) => !roles || roles.some((role) => person.roles.includes(role)));
  return (
    <ScrollArea h="100%" type="auto" scrollbarSize={8}>
      <Stack gap={2} p="xs" component="nav" aria-label="Rooms">
        {open.map(({ path, label, icon: Icon, count: Count }) => (
          <NavLink key={path} component={RouterLink} to={path} end label={label} leftSection={<Icon size={18} />} rightSection={Count && <Count />} active={pathname === path} onClick={onNavigate} className={classes.link ?? ''} />
        ))}
      </Stack>
      {cases && cases.length > 0 && (
        <Stack gap={1} px="xs" pb="md" component="nav" aria-label="Recent cases">
          <Text size="xs" c="dimmed" fw={600} px="sm" pt="xs" pb={4}>Recent cases</Text>
          {cases.slice(0, 12).map(({ case: c }) => (
            <NavLink key={c.id} component={RouterLink} to={`/cases/${c.id}`} onClick={onNavigate} className={classes.link ?? ''}
              active={pathname.startsWith(`/cases/${c.id}`)} leftSection={<StateDot state={c.state} />}
              label={c.title} description={c.number} noWrap />
          ))}
        </Stack>
      )}
    </ScrollArea>
  );
}
