import { Button, Group, Stack, Text } from '@mantine/core';
import { IconFile, IconFolder, IconUpload } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { ProblemAlert } from '../display/ProblemAlert';
import classes from './DropZone.module.css';
import { fromDrop, fromInput } from './gather';
import type { ChosenFile } from './model';

/** Takes files and folders: dropped, or chosen by a dialogue. */
export function DropZone({ onFiles, children }: { onFiles: (files: ChosenFile[]) => void; children?: string }) {
  const [over, setOver] = useState(false);
  const [error, setError] = useState<unknown>();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setError(undefined);
    fromDrop(event.dataTransfer).then(onFiles, setError);
  };
  const choose = (input: HTMLInputElement) => {
    onFiles(fromInput(input.files ?? []));
    input.value = ''; // the same files can be chosen again
  };
  return (
    <>
      <div role="group" aria-label="Files to add" className={classes.zone} data-over={over || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => { setOver(false); }} onDrop={onDrop}>
        <Stack align="center" gap="xs">
          <IconUpload size={26} aria-hidden />
          <Text fw={600} ta="center">Drop files or a folder here</Text>
          <Text size="sm" c="dimmed" ta="center">{children ?? 'Nothing leaves this machine before you start.'}</Text>
          <Group gap="xs" mt={4} justify="center">
            <Button variant="default" leftSection={<IconFile size={16} />} onClick={() => files.current?.click()}>Choose files</Button>
            <Button variant="default" leftSection={<IconFolder size={16} />} onClick={() => folder.current?.click()}>Choose a folder</Button>
          </Group>
        </Stack>
        <input ref={files} type="file" multiple hidden aria-label="Files" onChange={(event) => { choose(event.currentTarget); }} />
        <input ref={folder} type="file" multiple hidden aria-label="Folder" {...{ webkitdirectory: '' }} onChange={(event) => { choose(event.currentTarget); }} />
      </div>
      {error !== undefined && <ProblemAlert error={error} />}
    </>
  );
}
