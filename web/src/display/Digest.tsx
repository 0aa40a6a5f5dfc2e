import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** A SHA-256: short in tables, whole where it matters; copied whole in either case. */
export function Digest({ sha256, whole = false }: { sha256: string | undefined; whole?: boolean }) {
  if (!sha256) return <span aria-label="not known">–</span>;
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code title={sha256} bg="transparent" p={0} style={whole ? { overflowWrap: 'anywhere' } : { whiteSpace: 'nowrap' }}>
        {whole ? sha256 : `${sha256.slice(0, 8)}…${sha256.slice(-4)}`}
      </Code>
      <CopyButton value={sha256}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy SHA-256'}>
            <ActionIcon
              size="sm" variant="subtle" color={copied ? 'seal' : 'gray'} onClick={copy} data-no-print
              aria-label={copied ? 'SHA-256 copied' : `Copy SHA-256 ${sha256.slice(0, 8)}`}
            >
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
