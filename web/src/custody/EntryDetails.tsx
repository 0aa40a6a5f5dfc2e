import { Text } from '@mantine/core';
import type { Entry } from '../api/types';
import { personName, useOpenedCase } from '../cases/useOpenedCase';
import { displayName } from '../display/fileName';
import { detailLines, type DetailLine } from './details';
import classes from './EntryDetails.module.css';

/** What an entry says besides who, when and what. Its texts can come from evidence: shown escaped. */
export function EntryDetails({ entry }: { entry: Entry }) {
  const detail = useOpenedCase();
  const lines = detailLines(entry, (person) => personName(detail, person));
  const plumbing = lines.filter((line) => line.plumbing);
  return (
    <>
      {lines.filter((line) => !line.plumbing).map((line) => <Line key={line.label + line.text} line={line} />)}
      {plumbing.length > 0 && (
        <details className={classes.plumbing}>
          <summary>{entry.act === 'roster' || entry.act === 'key' ? 'Keys in full' : 'More'}</summary>
          {plumbing.map((line) => <Line key={line.label + line.text} line={line} />)}
        </details>
      )}
    </>
  );
}

function Line({ line: { label, text } }: { line: DetailLine }) {
  return (
    <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
      <Text span size="xs" c="dimmed">{displayName(label)}: </Text><bdi>{displayName(text)}</bdi>
    </Text>
  );
}
