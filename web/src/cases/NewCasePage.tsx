import { Button, Group, Paper, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { PageHeader } from '../display/PageHeader';
import { ProblemAlert } from '../display/ProblemAlert';
import { limits } from '../api/limits';
import type { OpenCaseRequest } from '../api/types';
import { useIdempotencyKey } from '../api/useIdempotencyKey';
import { useHasRole } from '../session/queries';
import { ClassChoice, isWhole, type ChosenClass } from './ClassChoice';
import { MemberPicker } from './MemberPicker';
import { useOpenCase } from './queries';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Opens a case. Its number is given by the unit's own count. */
export function NewCasePage() {
  const navigate = useNavigate();
  const open = useOpenCase();
  const [title, setTitle] = useState('');
  const [summary, setSummary] = useState('');
  const [zone, setZone] = useState(zones.includes(here) ? here : 'UTC');
  const [members, setMembers] = useState<string[]>([]);
  const mayClose = useHasRole('supervisor');
  const [chosen, setChosen] = useState<ChosenClass>({ of: 'ordinary', order: '' });
  const key = useIdempotencyKey([title, summary, zone, members, chosen]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ key, title: title.trim(), summary: summary.trim(), time_zone: zone, members, ...classOf(chosen) }, {
      onSuccess: (opened) => { void navigate(`/cases/${opened.id}`); },
    });
  };
  return (
    <>
      <PageHeader title="New case" plain="New case" below={<Text size="sm" c="dimmed">The number is given when the case is opened. You are its first member.</Text>} />
      <Paper p="lg" maw={640}>
        <form onSubmit={submit}>
          <Stack>
            <TextInput label="Title" required maxLength={limits.OpenCaseRequest.title} data-autofocus value={title} onChange={(e) => { setTitle(e.currentTarget.value); }} />
            <Textarea label="Summary" maxLength={limits.OpenCaseRequest.summary} minRows={3} value={summary} onChange={(e) => { setSummary(e.currentTarget.value); }} />
            <Select label="Time zone" description="Times of this case are shown in it; they are stored in UTC." searchable data={zones} value={zone} allowDeselect={false} onChange={(value) => { if (value) setZone(value); }} />
            {mayClose && <ClassChoice value={chosen} onChange={setChosen} />}
            <MemberPicker logins={members} onChange={setMembers} />
            {open.error && <ProblemAlert error={open.error} />}
            <Group justify="flex-end">
              <Button variant="default" component={Link} to="/cases">Cancel</Button>
              <Button type="submit" loading={open.isPending} disabled={!title.trim() || !isWhole(chosen)}>Open the case</Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  );
}

/** What a request says of a class; nothing of an ordinary one. An order that was typed for a sealed one is not sent with another. */
function classOf({ of, order }: ChosenClass): Pick<OpenCaseRequest, 'class' | 'authority'> {
  if (of === 'ordinary') return {};
  return of === 'sealed' ? { class: of, authority: order.trim() } : { class: of };
}
