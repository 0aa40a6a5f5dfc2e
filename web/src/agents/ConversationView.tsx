import { Alert, Button, Chip, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { count } from '../display/bytes';
import { EntryCard } from './EntryCard';
import { branches, showLabels, showOf, shows, type Show } from './origins';
import { stretches, type Conversation, type Stretch } from './reading';
import { SessionFacts } from './SessionFacts';
import classes from './Session.module.css';

/** A conversation: its circumstances, then who said and did what, in the order of the log. */
export function ConversationView({ item, conversation, unpacked }: { item: string; conversation: Conversation; unpacked: boolean }) {
  const [shown, setShown] = useState<Show[]>([...shows]);
  const wanted = conversation.entries.filter((entry) => {
    const of = showOf(entry);
    return of === undefined || shown.includes(of);
  });
  return (
    <Stack>
      <SessionFacts conversation={conversation} />
      <Paper p="md">
        <Group justify="space-between" mb="sm" gap="xs">
          <Title order={3}>What was said and done</Title>
          <Chip.Group multiple value={shown} onChange={(value) => { setShown(shows.filter((of) => value.includes(of))); }}>
            <Group gap={6} role="group" aria-label="Show" data-no-print>{shows.map((of) => <Chip key={of} value={of} size="xs">{showLabels[of]}</Chip>)}</Group>
          </Chip.Group>
        </Group>
        {wanted.length === 0 && <Text size="sm" c="dimmed">Nothing to show.</Text>}
        <ol className={classes.conversation} aria-label="Conversation">
          {stretches(wanted).map((stretch) => <Part key={stretch.entries[0]?.key} item={item} stretch={stretch} unpacked={unpacked} />)}
        </ol>
      </Paper>
    </Stack>
  );
}

/** A stretch of the conversation. One that is not part of it any more is kept, and folded. */
function Part({ item, stretch: { branch, entries }, unpacked }: { item: string; stretch: Stretch; unpacked: boolean }) {
  const [opened, setOpened] = useState(false);
  const cards = entries.map((entry) => <EntryCard key={entry.key} item={item} entry={entry} unpacked={unpacked} />);
  if (!branch) return cards;
  return (
    <>
      <li>
        <Alert color="wax" p="xs" title={`${branches[branch] ?? branch}: ${count(entries.length, 'turn or act', 'turns and acts')} not in the conversation as it stood at the end`}>
          <Text size="sm" mb={4}>The log still has them. Why: {entries[0]?.details.branch_by ?? 'the log does not say'}.</Text>
          <Button size="compact-sm" variant="default" aria-expanded={opened} onClick={() => { setOpened(!opened); }}>{opened ? 'Hide them' : 'Show them'}</Button>
        </Alert>
      </li>
      {opened && cards}
    </>
  );
}
