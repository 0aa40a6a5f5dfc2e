import { Anchor, Badge, Button, Group, Paper, Text, ThemeIcon, Title } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Alarm } from '../api/types';
import { Instant } from '../display/Instant';
import { Name } from '../display/Name';
import { alarmKinds } from './kinds';
import { piecesOf } from './mentions';
import type { Place } from './place';

/** A difference that an audit found, and who took note of it. */
export function AlarmCard({ alarm, place, onAcknowledge }: { alarm: Alarm; place: Place; onAcknowledge: (() => void) | undefined }) {
  const { label, meaning, icon: Icon } = alarmKinds[alarm.kind];
  const open = !alarm.acknowledged;
  return (
    <Paper p="md" component="article" aria-label={label} data-alarm={alarm.kind} data-open={open}>
      <Group align="flex-start" gap="sm" wrap="nowrap">
        <ThemeIcon variant="light" color={open ? 'alarm' : 'gray'} radius="xl" size={34}><Icon size={18} aria-hidden /></ThemeIcon>
        <div style={{ minWidth: 0, flex: 1 }}>
          <Group justify="space-between" gap="xs" align="flex-start">
            <Group gap="xs"><Title order={2} fz="lg">{label}</Title>{!open && <Badge color="gray" variant="light" tt="none">Acknowledged</Badge>}</Group>
            {open && onAcknowledge && <Button size="xs" variant="default" leftSection={<IconBellCheck size={14} />} onClick={onAcknowledge}>Acknowledge</Button>}
          </Group>
          <Text size="sm" mt={4}><What what={sentence(alarm.what)} place={place} /></Text>
          <Text size="xs" c="dimmed" mt={4}>{meaning}</Text>
          <Facts alarm={alarm} place={place} />
          {alarm.acknowledged && <Note note={alarm.acknowledged} />}
        </div>
      </Group>
    </Paper>
  );
}

/** What an alarm says, with links to what it names. */
function What({ what, place }: { what: string; place: Place }) {
  return piecesOf(what, place).map(({ text, path }, index) => (
    path ? <Anchor key={index} component={Link} size="sm" underline="always" to={path}>{text}</Anchor> : <Name key={index} text={text} />
  ));
}

/** What an audit says begins small, as errors do. */
function sentence(what: string): string {
  return what.charAt(0).toUpperCase() + what.slice(1);
}

function Facts({ alarm, place }: { alarm: Alarm; place: Place }) {
  return (
    <Text size="xs" mt={6} component="div" style={{ overflowWrap: 'anywhere' }}>
      {place.casePath ? <Anchor component={Link} size="xs" underline="always" to={place.casePath}>{place.label}</Anchor> : place.label}
      {place.itemPath && <> · <Anchor component={Link} size="xs" underline="always" to={place.itemPath}>the exhibit</Anchor></>}
      {alarm.where && <> · <Name text={alarm.where} /></>}
      {' '}· raised <Instant iso={alarm.raised_at} />
      {!alarm.entry && <Text span size="xs" c="var(--text-bad)"> · not on record in the register, which could not be written to</Text>}
    </Text>
  );
}

function Note({ note }: { note: NonNullable<Alarm['acknowledged']> }) {
  return (
    <Text size="sm" mt="xs" pl="sm" component="div" style={{ borderInlineStart: '3px solid var(--line)', overflowWrap: 'anywhere' }}>
      {note.reason}
      <Text size="xs" c="dimmed">{note.name}, <Instant iso={note.at} />, signed in the register</Text>
    </Text>
  );
}
