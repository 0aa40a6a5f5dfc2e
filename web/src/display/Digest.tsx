import { Code, Group } from '@mantine/core';
import { CopyIcon } from './CopyIcon';

/** A SHA-256: short in tables, whole where it matters; copied whole in either case. */
export function Digest({ sha256, whole = false }: { sha256: string | undefined; whole?: boolean }) {
  if (!sha256) return <span aria-label="not known">–</span>;
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code title={sha256} bg="transparent" p={0} style={whole ? { overflowWrap: 'anywhere' } : { whiteSpace: 'nowrap' }}>
        {whole ? sha256 : `${sha256.slice(0, 8)}…${sha256.slice(-4)}`}
      </Code>
      <CopyIcon value={sha256} what="SHA-256" label={`SHA-256 ${sha256.slice(0, 8)}`} />
    </Group>
  );
}
