import {
  IconBriefcaseOff, IconBucketOff, IconClockExclamation, IconEyeExclamation, IconFileAlert, IconFileDiff, IconGitBranch, IconKeyOff,
  IconLockOpen, IconPencilExclamation, type Icon,
} from '@tabler/icons-react';
import type { AlarmKind } from '../api/types';

/** What the kinds of alarms mean to people (evidence.AlarmKind). */
export const alarmKinds: Record<AlarmKind, { label: string; meaning: string; icon: Icon }> = {
  entry: { label: 'An entry was changed', meaning: 'An entry in the database is not the one that was recorded and mirrored.', icon: IconPencilExclamation },
  log: { label: 'A log was cut or rewritten', meaning: 'Entries or a signed head are missing, rolled back, forked, not signed with our key, or kept out of the register.', icon: IconGitBranch },
  case: { label: 'A case is gone', meaning: 'A case that was registered or mirrored is not in the database.', icon: IconBriefcaseOff },
  record: { label: 'A record contradicts the log', meaning: 'An exhibit, a disclosure or a case says something else than its entries.', icon: IconFileDiff },
  object: { label: 'A stored object is not as it was sealed', meaning: 'Stored bytes or a seal differ, are covered by something newer or hidden by a delete marker, or no entry names what is stored.', icon: IconFileAlert },
  lock: { label: 'A lock was weakened', meaning: 'Something stored is locked for less long than promised, or its legal hold was lifted.', icon: IconLockOpen },
  bucket: { label: 'Storage was reconfigured', meaning: 'A bucket keeps versions or locks less strictly than it was set up to.', icon: IconBucketOff },
  witness: { label: 'A witness saw something else', meaning: 'An outside witness saw another register than ours, or a longer one.', icon: IconEyeExclamation },
  key: { label: 'An unknown signing key', meaning: 'A key is in use that Vault does not have, or that the key before it did not introduce.', icon: IconKeyOff },
  clock: { label: 'Clocks are apart', meaning: 'The clocks of processes are far apart. The order of the log is not affected; the times are.', icon: IconClockExclamation },
};
