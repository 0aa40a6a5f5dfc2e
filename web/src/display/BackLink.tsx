import { Anchor, Group } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'react-router';

/** The way back to the list that a page belongs to. */
export function BackLink({ to, children }: { to: string; children: string }) {
  return <Anchor component={Link} to={to} size="sm" w="fit-content" data-no-print><Group gap={4}><IconArrowLeft size={14} />{children}</Group></Anchor>;
}
