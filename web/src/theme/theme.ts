import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// Every colour, size and font of the pages is decided in this file.

/** Harbour blue: what can be acted on. */
const harbour: MantineColorsTuple = [
  '#eef6fa', '#dbe9f0', '#b4d2e0', '#8abad1', '#67a6c4', '#5099bc', '#4293b9', '#337ea2', '#256f91', '#17506b',
];

/** Seal green: verified, sealed. Never used for anything else. */
const seal: MantineColorsTuple = [
  '#e9f7f0', '#d6ece1', '#aad8c1', '#7bc39f', '#54b183', '#3ca671', '#2fa168', '#1f8b57', '#147c4c', '#0c5d37',
];

/** Wax amber: waiting, needs attention. */
const wax: MantineColorsTuple = [
  '#fff7e6', '#fbecd0', '#f4d7a1', '#eec16d', '#e8ae42', '#e5a227', '#e39c18', '#ca880a', '#9a6500', '#7a4f00',
];

/** Alarm red: tampered, quarantined, failed. */
const alarm: MantineColorsTuple = [
  '#fdeeed', '#f6d9d7', '#edb0ac', '#e5847f', '#de5f58', '#da483f', '#d93b32', '#c12d25', '#ad2620', '#8f1a16',
];

/** Slate: the dark scheme's surfaces and text. */
const dark: MantineColorsTuple = [
  '#d5dce3', '#b6c0ca', '#98a5b2', '#6c7b8a', '#3d4a57', '#2e3944', '#222c36', '#1a232c', '#141b23', '#0e141a',
];

const gray: MantineColorsTuple = [
  '#f7f9fa', '#eef2f5', '#e1e7ec', '#d2dae1', '#bcc7d0', '#97a5b1', '#6d7c89', '#4c5a66', '#33404b', '#1d2830',
];

export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 8, dark: 7 },
  colors: { harbour, seal, wax, alarm, dark, gray },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'Cascadia Mono', Menlo, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    // A state is never cut short: it is what the row is about.
    Badge: { styles: { root: { flex: 'none', overflow: 'visible' }, label: { overflow: 'visible' } } },
    Button: { defaultProps: { size: 'sm' } },
    InputWrapper: { styles: { description: { fontSize: 'var(--mantine-font-size-xs)' } } },
    // A dialog's head is no landmark of the page, and its cross has a name.
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } } },
    Paper: { defaultProps: { withBorder: true } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'xs' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Textarea: { defaultProps: { autosize: true, minRows: 2 } },
  },
});

/** Variables that the kit does not have, and those of its own that contrast too little. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--rail-width': '15rem', '--header-height': '3.25rem' },
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#56646f',
    '--mantine-color-placeholder': '#64727d',
    '--mantine-color-error': '#ad2620',
    '--surface-rail': '#f4f7f9',
    '--surface-quiet': '#f7f9fa',
    '--line': '#dfe5ea',
    '--text-good': '#0c5d37',
    '--text-warn': '#7a4f00',
    '--text-bad': '#8f1a16',
  },
  dark: {
    '--mantine-color-body': '#141b23',
    '--mantine-color-dimmed': '#9fadba',
    '--mantine-color-placeholder': '#93a1ae',
    '--mantine-color-error': '#f08c85',
    '--mantine-color-anchor': '#8abad1',
    '--surface-rail': '#10161d',
    '--surface-quiet': '#19222b',
    '--line': '#2b3641',
    '--text-good': '#7bc39f',
    '--text-warn': '#eec16d',
    '--text-bad': '#f0a29d',
  },
});
