import {
  IconAlertTriangle, IconArrowsExchange, IconBan, IconDownload, IconEye, IconFileExport, IconFolderOpen, IconInbox, IconInboxOff,
  IconKey, IconLock, IconMicroscope, IconPackageExport, IconPencil, IconShieldCheck, IconShieldX, IconClockPlus, IconUserPlus, type Icon,
} from '@tabler/icons-react';
import type { Act, Entry } from '../api/types';

/** What an act is called, its picture, and its colour. */
export interface ActLook { label: string; icon: Icon; color: string }

const looks: Record<Act, ActLook> = {
  opened: { label: 'Case opened', icon: IconFolderOpen, color: 'harbour' },
  'member-added': { label: 'Member added', icon: IconUserPlus, color: 'gray' },
  transitioned: { label: 'State changed', icon: IconArrowsExchange, color: 'harbour' },
  'intake-opened': { label: 'Delivery began', icon: IconInbox, color: 'gray' },
  'intake-closed': { label: 'Delivery complete', icon: IconInboxOff, color: 'gray' },
  received: { label: 'Received and locked', icon: IconLock, color: 'harbour' },
  rejected: { label: 'Rejected', icon: IconBan, color: 'alarm' },
  sealed: { label: 'Read back and sealed', icon: IconShieldCheck, color: 'seal' },
  quarantined: { label: 'Quarantined', icon: IconAlertTriangle, color: 'alarm' },
  viewed: { label: 'Viewed', icon: IconEye, color: 'gray' },
  downloaded: { label: 'Downloaded', icon: IconDownload, color: 'wax' },
  verified: { label: 'Verified', icon: IconShieldCheck, color: 'seal' },
  analysed: { label: 'Analysed', icon: IconMicroscope, color: 'gray' },
  extended: { label: 'Lock extended', icon: IconClockPlus, color: 'gray' },
  disclosed: { label: 'Disclosed', icon: IconFileExport, color: 'harbour' },
  'bundle-fetched': { label: 'Bundle fetched', icon: IconPackageExport, color: 'wax' },
  corrected: { label: 'Corrected', icon: IconPencil, color: 'wax' },
  key: { label: 'Signing key began', icon: IconKey, color: 'gray' },
};

/** How an entry looks: a verification that failed does not look like one that did not. */
export function lookOf(entry: Entry): ActLook {
  if (entry.act === 'verified' && verificationFailed(entry)) {
    return { label: 'Verified: differs', icon: IconShieldX, color: 'alarm' };
  }
  return looks[entry.act];
}

/** Whether an entry of a verification says that something differs. */
export function verificationFailed(entry: Entry): boolean {
  return entry.details?.outcome === 'differs';
}

/** One thing that an entry says. */
export interface DetailLine {
  label: string;
  text: string;
  /** Where and how it is stored: for whoever checks, in the way of whoever reads. */
  plumbing?: boolean;
}

const plumbing = new Set(['intake', 'object', 'object_version', 'seal_object', 'seal_version', 'seal_sha256', 'locked_until']);

/** The details of an entry as lines for people, in a fixed order. */
export function detailLines(entry: Entry): DetailLine[] {
  const lines: DetailLine[] = [];
  const add = (label: string, text: string | undefined, stored = false) => { if (text) lines.push({ label, text, ...(stored && { plumbing: true }) }); };
  add('Purpose', entry.purpose);
  add('Authority', entry.authority);
  if (entry.tool) add('Tool', [entry.tool.name, entry.tool.version, entry.tool.parameters].filter(Boolean).join(' '));
  for (const [name, text] of Object.entries(entry.details ?? {}).sort(([a], [b]) => a.localeCompare(b))) {
    add(name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[_-]/g, ' '), text, plumbing.has(name));
  }
  return lines;
}
