import { AppShell, Burger, Button, Group, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { AlarmBanner } from '../alarms/AlarmBanner';
import { UploadDock } from '../intake/UploadDock';
import { useHasRole } from '../session/queries';
import { CaseSwitcher } from './CaseSwitcher';
import classes from './Frame.module.css';
import { Mark } from './Mark';
import { PersonMenu } from './PersonMenu';
import { Rail } from './Rail';
import { SchemeToggle } from './SchemeToggle';
import { SkipLink } from './SkipLink';

/** What stands around every page: rail, case switcher, new case, person. */
export function Frame() {
  const [railOpen, rail] = useDisclosure(false);
  const mayOpen = useHasRole('investigator', 'supervisor');
  const main = useMainFocus();
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !railOpen } }} padding={{ base: 'sm', sm: 'lg' }}>
      <SkipLink />
      <AppShell.Header className={classes.header ?? ''} px="sm">
        <Group gap="xs" wrap="nowrap">
          <Burger opened={railOpen} onClick={rail.toggle} hiddenFrom="sm" size="sm" aria-label={railOpen ? 'Close the rail' : 'Open the rail'} aria-expanded={railOpen} />
          <Link to="/cases" className={classes.home ?? ''} aria-label="Sealcase, my cases"><Mark /></Link>
          <CaseSwitcher />
        </Group>
        <Group gap="xs" wrap="nowrap">
          <SchemeToggle />
          {mayOpen && (
            <Tooltip label="New case">
              <Button component={Link} to="/cases/new" px="sm" aria-label="New case"><IconPlus size={16} /><span className={classes.wide}>New case</span></Button>
            </Tooltip>
          )}
          <PersonMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.rail ?? ''} component="div"><Rail onNavigate={rail.close} /></AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main} className={classes.main ?? ''}>
        <div className={classes.page}><AlarmBanner /><Outlet /></div>
        <UploadDock />
      </AppShell.Main>
    </AppShell>
  );
}

/** Brings the keyboard to a new page, as a page load would; not on a change within one. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    // Tabs move the focus themselves.
    if (document.activeElement?.getAttribute('role') === 'tab') return;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return main;
}
