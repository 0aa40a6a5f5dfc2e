import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { limits } from '../api/limits';
import { useIdempotencyKey } from '../api/useIdempotencyKey';
import { count } from '../display/bytes';
import { ProblemAlert } from '../display/ProblemAlert';
import { usePerson } from '../session/queries';
import { ChosenFiles } from './ChosenFiles';
import { DropZone } from './DropZone';
import type { ChosenFile } from './model';
import { useOpenIntake } from './queries';
import { useUploadCenter } from './UploadCenter';

/** Where the evidence comes from, on whose authority, and which files. */
export function NewIntake({ caseId }: { caseId: string }) {
  const center = useUploadCenter();
  const person = usePerson();
  const open = useOpenIntake(caseId);
  const [source, setSource] = useState('');
  const [authority, setAuthority] = useState('');
  const [files, setFiles] = useState<ChosenFile[]>([]);
  const key = useIdempotencyKey([source, authority]);

  const begin = async (event: FormEvent) => {
    event.preventDefault();
    const intake = await open.mutateAsync({ key, source: source.trim(), authority: authority.trim() });
    const record = { intake: intake.id, case: caseId, person: person.id, source: intake.source, authority: intake.authority ?? '', openedAt: intake.opened_at, files: files.length };
    // A browser that refuses to remember can still upload; it cannot resume after a reload.
    await center.tools.records.putIntake(record).catch(() => undefined);
    center.begin(intake).add(files);
  };
  return (
    <form onSubmit={(event) => { begin(event).catch(() => undefined /* shown below */); }}>
      <Stack>
        <TextInput label="Source" description="Where it comes from, in words: “laptop seized at …, serial …”" required maxLength={limits.IntakeRequest.source} value={source} onChange={(e) => { setSource(e.currentTarget.value); }} />
        <Textarea label="Authority" description="The warrant, order or consent relied on" minRows={1} maxLength={limits.IntakeRequest.authority} value={authority} onChange={(e) => { setAuthority(e.currentTarget.value); }} />
        <DropZone onFiles={(more) => { setFiles((before) => [...before, ...more]); }} />
        <ChosenFiles files={files} onRemove={(index) => { setFiles((before) => before.filter((_, i) => i !== index)); }} />
        {open.error && <ProblemAlert error={open.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!source.trim() || files.length === 0} loading={open.isPending}>{files.length > 0 ? `Start: ${count(files.length, 'file')}` : 'Start'}</Button>
        </Group>
      </Stack>
    </form>
  );
}
