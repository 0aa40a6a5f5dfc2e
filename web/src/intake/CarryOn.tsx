import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { answer, api } from '../api/client';
import { count } from '../display/bytes';
import { Instant } from '../display/Instant';
import { ProblemAlert } from '../display/ProblemAlert';
import { DropZone } from './DropZone';
import type { ChosenFile } from './model';
import { useCompleteIntake, type Interrupted } from './queries';
import { useUploadCenter } from './UploadCenter';

/** An interrupted delivery: the person chooses the same files again, and it goes on where it was. */
export function CarryOn({ interrupted: { record, received }, caseId }: { interrupted: Interrupted; caseId: string }) {
  const center = useUploadCenter();
  const navigate = useNavigate();
  const complete = useCompleteIntake(caseId);
  const resume = useMutation({
    mutationFn: async (files: ChosenFile[]) => {
      const { intake } = await answer(api.GET('/api/v1/intakes/{intake}', { params: { path: { intake: record.intake } } }));
      const known = await center.tools.records.uploads(record.intake);
      await center.tools.records.putIntake({ ...record, files: Math.max(record.files, files.length) });
      center.begin(intake, known).add(files);
    },
  });
  return (
    <Stack>
      <Alert color="wax" icon={<IconHistory size={18} />} title="This delivery was interrupted">
        <Text size="sm">From “{record.source}”, begun <Instant iso={record.openedAt} />. <b>{received} of {count(record.files, 'file')} are safe.</b></Text>
        <Text size="sm" mt={4}>A browser may not open files again by itself after a reload. <b>Choose the same files or folder again:</b> what is safe is skipped, and a file that was under way goes on from its last acknowledged byte.</Text>
      </Alert>
      <DropZone onFiles={(files) => { if (files.length > 0) resume.mutate(files); }}>The same files or folder as before.</DropZone>
      {resume.error && <ProblemAlert error={resume.error} />}
      {complete.error && <ProblemAlert error={complete.error} />}
      <Group justify="flex-end">
        <Button variant="default" loading={complete.isPending} onClick={() => { complete.mutate(record.intake, { onSuccess: () => { void navigate(`/cases/${caseId}/evidence/deliveries/${record.intake}`); } }); }}>
          Complete it without the rest
        </Button>
      </Group>
    </Stack>
  );
}
