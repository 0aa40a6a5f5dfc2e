import { useEffect, useState, type ReactNode } from 'react';
import { newDigestPool } from './DigestPool';
import { BrowserRecords } from './records';
import { sendFile } from './sendFile';
import { UploadCenter, UploadContext } from './UploadCenter';

/** Keeps uploads going while the person looks at other pages, and warns before they are interrupted. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const [center] = useState(() => new UploadCenter({ digester: newDigestPool(), records: new BrowserRecords(), send: sendFile, newKey }));
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => { if (center.busy()) event.preventDefault(); };
    window.addEventListener('beforeunload', warn);
    return () => { window.removeEventListener('beforeunload', warn); };
  }, [center]);
  return <UploadContext value={center}>{children}</UploadContext>;
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
