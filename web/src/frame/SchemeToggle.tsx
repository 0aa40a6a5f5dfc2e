import { ActionIcon, Tooltip, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const label: Record<MantineColorScheme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };
const icon = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

/** Goes through the colour schemes: as the system, light, dark. */
export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = icon[colorScheme];
  const text = `Colours: ${label[colorScheme]}. Change to ${label[next[colorScheme]]}.`;
  return (
    <Tooltip label={text}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text} onClick={() => { setColorScheme(next[colorScheme]); }}>
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
