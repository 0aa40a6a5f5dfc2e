import { useMutation } from '@tanstack/react-query';

/**
 * Downloads that are acts. Asking puts the read on record, signed, and gives the
 * address that opens the bytes once; a refusal is a problem to show. Then the
 * browser writes a file of any size to disk by itself.
 */
export function useDownload<Asked>(ask: (asked: Asked) => Promise<string>, onStarted: () => void = () => undefined) {
  return useMutation({
    mutationFn: ask,
    onSuccess: (href) => {
      save(href);
      onStarted();
    },
  });
}

function save(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}
