import { Table, type TableProps } from '@mantine/core';

/** A table that scrolls sideways by itself on a narrow screen, also with the keyboard, so that the page does not. */
export function WideTable({ label, minWidth, ...table }: TableProps & { label: string; minWidth: number }) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-label={label}>
      <Table {...table} />
    </Table.ScrollContainer>
  );
}
