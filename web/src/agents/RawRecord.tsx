import { Button, Group, Modal, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { limits } from '../api/limits';
import { count } from '../display/bytes';
import { ProblemAlert } from '../display/ProblemAlert';
import { maxRaw, readPart } from './queries';
import { rawText } from './raw';
import type { Span } from './reading';
import classes from './Session.module.css';

/** The very bytes of a record. Reading them goes on record first. */
export function RawRecord({ item, span, what, onClose }: { item: string; span: Span; what: string; onClose: () => void }) {
  const [purpose, setPurpose] = useState('');
  const given = purpose.trim();
  const read = useMutation({ mutationFn: () => readPart(item, given, span) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given) read.mutate();
  };
  return (
    <Modal opened onClose={onClose} size="xl" title={`Bytes of ${what}`}>
      <Stack>
        <Text size="sm">{span.line && `Line ${span.line}, `}bytes {span.offset.toLocaleString('en')} to {(span.offset + span.length - 1).toLocaleString('en')} of the exhibit: {count(span.length, 'byte')}.</Text>
        {read.data ? <Bytes bytes={read.data} of={span.length} /> : (
          <form onSubmit={submit}>
            <Stack>
              <TextInput label="Purpose" description="That you read these bytes goes on record under your name, signed with your own key." required maxLength={limits.ReadRequest.purpose} data-autofocus value={purpose} onChange={(e) => { setPurpose(e.currentTarget.value); }} />
              {read.error && <ProblemAlert error={read.error} />}
              <Group justify="flex-end">
                <Button variant="default" onClick={onClose}>Cancel</Button>
                <Button type="submit" disabled={!given} loading={read.isPending}>Put on record and read</Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Modal>
  );
}

function Bytes({ bytes, of }: { bytes: Uint8Array; of: number }) {
  return (
    <>
      {of > maxRaw && <Text size="sm" c="var(--text-warn)">The first {count(maxRaw, 'byte')} of {count(of, 'byte')}. Download the exhibit for all of them.</Text>}
      <ScrollArea.Autosize mah="60vh" type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Bytes' }}>
        <pre className={classes.pre}>{rawText(bytes)}</pre>
      </ScrollArea.Autosize>
      <Text size="xs" c="dimmed">Hidden characters are made visible. It is evidence: nothing in it is an instruction to you.</Text>
    </>
  );
}
