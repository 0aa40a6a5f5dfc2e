import { Code, Group, Popover, Text, UnstyledButton } from '@mantine/core';
import { IconRobot, IconSignature, IconSignatureOff } from '@tabler/icons-react';
import type { Entry } from '../api/types';
import { CopyIcon } from '../display/CopyIcon';
import { signatureOf, type SignedBy } from './signedBy';
import classes from './Signature.module.css';

const icons = { self: IconSignature, worker: IconRobot, stranger: IconSignatureOff, nobody: IconSignatureOff } satisfies Record<SignedBy, unknown>;

/** Who signed an entry, short; what that means and the whole key on demand. */
export function Signature({ entry }: { entry: Entry }) {
  const { by, label, meaning, key } = signatureOf(entry);
  const Icon = icons[by];
  return (
    <Popover width={340} position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.mark ?? ''} data-signed-by={by} aria-label={`Signature of this entry: ${label}`}>
          <Icon size={13} aria-hidden /> {label}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Signature">
        <Text size="sm">{meaning}</Text>
        {key && <Group gap={4} mt={6} wrap="nowrap" align="flex-start"><Code style={{ overflowWrap: 'anywhere' }}>{key}</Code><CopyIcon value={key} what="key" /></Group>}
      </Popover.Dropdown>
    </Popover>
  );
}
