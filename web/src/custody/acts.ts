import {
  IconAlertTriangle, IconArrowsExchange, IconBan, IconBellCheck, IconBellRinging, IconClockPlus, IconDownload, IconEye, IconFileExport,
  IconFolderOpen, IconId, IconInbox, IconInboxOff, IconKey, IconLock, IconLockAccess, IconLockQuestion, IconMailQuestion, IconMicroscope, IconPackageExport, IconPencil,
  IconShieldCheck, IconShieldSearch, IconShieldX, IconTimeline, IconUserMinus, IconUserPlus, type Icon,
} from '@tabler/icons-react';
import type { Act, Entry } from '../api/types';

/** What an act is called, its picture, and its colour. */
export interface ActLook { label: string; icon: Icon; color: string }

const looks: Record<Act, ActLook> = {
  opened: { label: 'Case opened', icon: IconFolderOpen, color: 'harbour' },
  'member-added': { label: 'Member added', icon: IconUserPlus, color: 'gray' },
  'member-removed': { label: 'Member removed', icon: IconUserMinus, color: 'wax' },
  transitioned: { label: 'State changed', icon: IconArrowsExchange, color: 'harbour' },
  'class-requested': { label: 'Unsealing asked for', icon: IconLockQuestion, color: 'wax' },
  'class-changed': { label: 'Class changed', icon: IconLockAccess, color: 'wax' },
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
  'disclosure-requested': { label: 'Bundle asked for', icon: IconMailQuestion, color: 'harbour' },
  disclosed: { label: 'Disclosed', icon: IconFileExport, color: 'harbour' },
  'bundle-fetched': { label: 'Bundle fetched', icon: IconPackageExport, color: 'wax' },
  corrected: { label: 'Correction', icon: IconPencil, color: 'wax' },
  key: { label: 'Signing key began', icon: IconKey, color: 'gray' },
  'keys-stated': { label: 'Root stated the keys', icon: IconKey, color: 'seal' },
  roster: { label: 'People and keys', icon: IconId, color: 'gray' },
  'role-changed': { label: 'Roles changed', icon: IconId, color: 'gray' },
  head: { label: 'Head of a log registered', icon: IconTimeline, color: 'gray' },
  alarm: { label: 'Alarm raised', icon: IconBellRinging, color: 'alarm' },
  'alarm-acknowledged': { label: 'Alarm acknowledged', icon: IconBellCheck, color: 'wax' },
  audited: { label: 'Audit ended', icon: IconShieldSearch, color: 'gray' },
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
