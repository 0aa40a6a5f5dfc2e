import { useMutation } from '@tanstack/react-query';
import type { MouseEvent } from 'react';
import { throwUnlessReady } from '../api/ready';

/**
 * Downloads that are acts: they go on record before the first byte leaves. The
 * browser writes a file of any size to disk by itself, but shows nobody why it
 * did not get it; so it is asked only when the act can go on record.
 */
export function useDownload(onStarted: () => void = () => undefined) {
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (href: string) => {
      await throwUnlessReady();
      return href;
    },
    onSuccess: (href) => {
      save(href);
      onStarted();
    },
  });
  /** For a link: its own address, once the act can go on record. */
  const onClick = (event: MouseEvent<HTMLAnchorElement>) => {
    event.preventDefault();
    const href = event.currentTarget.getAttribute('href');
    if (href) mutate(href);
  };
  return { onClick, error, isPending };
}

function save(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}
