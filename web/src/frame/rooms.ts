import { IconBellRinging, IconBriefcase, IconEyeCheck, IconKey, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { OpenAlarms } from '../alarms/OpenAlarms';
import type { Role } from '../api/types';

/** A place in the left rail. A room for a role is one more line here and its route in routes.tsx. */
export interface Room {
  path: string;
  label: string;
  icon: Icon;
  /** Who sees it; everybody when absent. */
  roles?: Role[];
  /** What stands beside its name: how much there is to do. */
  count?: ComponentType;
}

export const rooms: Room[] = [
  { path: '/cases', label: 'My cases', icon: IconBriefcase },
  { path: '/alarms', label: 'Alarms', icon: IconBellRinging, roles: ['supervisor', 'auditor', 'administrator'], count: OpenAlarms },
  { path: '/witnesses', label: 'Outside witnesses', icon: IconEyeCheck },
  { path: '/keys', label: 'Public keys', icon: IconKey },
];
