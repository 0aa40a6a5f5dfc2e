import { Table, type TableTrProps } from '@mantine/core';
import { useRef, type MouseEvent } from 'react';
import { useHref, useNavigate } from 'react-router';
import classes from './LinkedRow.module.css';

/** How far, in pixels, the mouse moves at most in a click. Further, it selects text. */
const still = 4;

/**
 * A row that opens a page on a click anywhere on it. It holds a link to the same
 * page, which is what the keyboard and screen readers use; links, buttons and text
 * that somebody selects in the row work as everywhere.
 */
export function LinkedRow({ to, className = '', ...row }: TableTrProps & { to: string }) {
  const navigate = useNavigate();
  const href = useHref(to);
  const pressed = useRef({ x: 0, y: 0 });
  const press = (event: MouseEvent) => {
    pressed.current = { x: event.clientX, y: event.clientY };
    // Else the middle button scrolls, on some systems, before it opens a tab.
    if (event.button === 1) event.preventDefault();
  };
  const open = (event: MouseEvent) => {
    const moved = Math.hypot(event.clientX - pressed.current.x, event.clientY - pressed.current.y) > still;
    if (event.button > 1 || event.defaultPrevented || isForItself(event.target) || (moved && isTextSelected())) return;
    if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(href, '_blank', 'noopener');
    else if (!event.shiftKey && !event.altKey) void navigate(to);
  };
  return <Table.Tr {...row} className={`${classes.row ?? ''} ${className}`} onMouseDown={press} onClick={open} onAuxClick={open} />;
}

/** Whether what was clicked does something by itself. */
function isForItself(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, select, textarea, label, summary, [role="button"]') !== null;
}

function isTextSelected(): boolean {
  return window.getSelection()?.isCollapsed === false;
}
