import { Text } from '@mantine/core';
import type { Entry } from '../api/types';
import { displayName } from '../display/fileName';
import { detailLines, type DetailLine } from './acts';
import classes from './EntryDetails.module.css';

/** What an entry says besides who, when and what. Its texts can come from evidence: shown escaped. */
export function EntryDetails({ entry }: { entry: Entry }) {
  const lines = detailLines(entry);
  const plumbing = lines.filter((line) => line.plumbing);
  return (
    <>
      {lines.filter((line) => !line.plumbing).map((line) => <Line key={line.label} line={line} />)}
      {plumbing.length > 0 && (
        <details className={classes.plumbing}>
          <summary>Storage</summary>
          {plumbing.map((line) => <Line key={line.label} line={line} />)}
        </details>
      )}
    </>
  );
}

function Line({ line: { label, text } }: { line: DetailLine }) {
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      <Text span size="xs" c="dimmed">{label}: </Text><bdi>{displayName(text)}</bdi>
    </Text>
  );
}
