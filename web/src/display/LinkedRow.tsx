import { Table, type TableTrProps } from '@mantine/core';
import type { MouseEvent } from 'react';
import { useHref, useNavigate } from 'react-router';
import classes from './LinkedRow.module.css';

/**
 * A row that opens a page on a click anywhere on it. It holds a link to the same
 * page, which is what the keyboard and screen readers use; links, buttons and text
 * that somebody selects in the row work as everywhere.
 */
export function LinkedRow({ to, className = '', ...row }: TableTrProps & { to: string }) {
  const navigate = useNavigate();
  const href = useHref(to);
  const open = (event: MouseEvent<HTMLTableRowElement>) => {
    if (event.button > 1 || event.defaultPrevented || isForItself(event.target) || isSelecting(event.currentTarget)) return;
    if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(href, '_blank', 'noopener');
    else if (!event.shiftKey && !event.altKey) void navigate(to);
  };
  // Without this the middle button scrolls, on some systems, before it opens a tab.
  const hold = (event: MouseEvent) => { if (event.button === 1) event.preventDefault(); };
  return <Table.Tr {...row} className={`${classes.row ?? ''} ${className}`} onClick={open} onAuxClick={open} onMouseDown={hold} />;
}

/** Whether what was clicked does something by itself. */
function isForItself(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, select, textarea, label, summary, [role="button"]') !== null;
}

/** Whether the click ended the selection of text in the row. */
function isSelecting(row: Element): boolean {
  const selection = window.getSelection();
  return selection !== null && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(row);
}
