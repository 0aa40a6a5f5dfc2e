import { Text } from '@mantine/core';
import type { Entry } from '../api/types';
import { displayName } from '../display/fileName';
import { detailLines } from './acts';

/** What an entry says besides who, when and what. Its texts can come from evidence: shown escaped. */
export function EntryDetails({ entry }: { entry: Entry }) {
  return detailLines(entry).map(({ label, text }) => (
    <Text key={label} size="xs" style={{ overflowWrap: 'anywhere' }}>
      <Text span size="xs" c="dimmed">{label}: </Text><bdi>{displayName(text)}</bdi>
    </Text>
  ));
}
