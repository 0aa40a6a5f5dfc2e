import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** Copies a text; what names it to people: "SHA-256", "key". */
export function CopyIcon({ value, what, label = what }: { value: string; what: string; /** Tells this one from others on the page. */ label?: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon size="sm" variant="subtle" color={copied ? 'seal' : 'gray'} onClick={copy} data-no-print aria-label={copied ? `${what} copied` : `Copy ${label}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
