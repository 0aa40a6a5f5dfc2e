import { ActionIcon, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { count, formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import type { ChosenFile } from './model';

const shown = 50;

/** What is about to be added; the first of it in full. */
export function ChosenFiles({ files, onRemove }: { files: ChosenFile[]; onRemove: (index: number) => void }) {
  if (files.length === 0) return null;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const empty = files.filter(({ file }) => file.size === 0).length;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text fw={600} size="sm" role="status">{count(files.length, 'file')}, {formatBytes(bytes)}</Text>
        {empty > 0 && <Text size="xs" c="var(--text-warn)">{count(empty, 'file has', 'files have')} zero bytes: added as such, and says so.</Text>}
      </Group>
      <Table.ScrollContainer minWidth={320} mah={320} type="native" tabIndex={0} role="region" aria-label="Chosen files">
        <Table stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th><VisuallyHidden>Remove</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {files.slice(0, shown).map(({ file, name, path }, i) => (
              <Table.Tr key={`${path}/${name}/${String(i)}`}>
                <Table.Td>{path && <Text span size="xs" c="dimmed"><Name text={`${path}/`} /></Text>}<Name text={name} /></Table.Td>
                <Table.Td ta="right" className="tabular" style={{ whiteSpace: 'nowrap' }}>{formatBytes(file.size)}</Table.Td>
                <Table.Td w={40}><ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={() => { onRemove(i); }}><IconX size={14} /></ActionIcon></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {files.length > shown && <Text size="xs" c="dimmed">and {count(files.length - shown, 'more file')}</Text>}
    </div>
  );
}
