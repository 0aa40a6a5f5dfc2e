import type { Entry } from './reading';

/** On whose word a text is, as people read it. Colour never says it alone. */
export const origins = {
  human: { label: 'Person', title: 'typed by a person, as far as the log says' },
  agent: { label: 'Agent', title: 'said or asked for by the model' },
  tool: { label: 'Tool output', title: 'what a tool returned; nobody in the conversation wrote it' },
  injected: { label: 'Put in by the program', title: 'not the person’s words: a reminder, an instruction file, a hook, a summary, an order of another agent' },
  unknown: { label: 'Origin unknown', title: 'the log does not say whose words these are' },
} as const;

export type Origin = keyof typeof origins;

export function originOf(text: string | undefined): Origin {
  return text !== undefined && Object.hasOwn(origins, text) ? text as Origin : 'unknown';
}

/** What each kind of turn is called; a plain message needs no name. */
export const kinds: Readonly<Record<string, string>> = {
  thinking: 'Reasoning', instruction: 'Instruction', context: 'Context', summary: 'Summary of earlier turns', order: 'Order of another agent',
  command: 'Command', refusal: 'Refused by model or provider', interrupt: 'Stopped', failure: 'Failure', compaction: 'Earlier turns taken out of the model’s sight',
};

export const branches: Readonly<Record<string, string>> = {
  rewound: 'Rewound', replaced: 'Replaced', unselected: 'Not gone on with', retracted: 'Taken back',
};

export const outcomes: Readonly<Record<string, { label: string; color: string }>> = {
  open: { label: 'No result in the log', color: 'wax' },
  done: { label: 'Returned', color: 'gray' },
  failed: { label: 'Failed', color: 'alarm' },
  refused: { label: 'Not allowed to run', color: 'wax' },
};

/** What can be left out of the view. */
export const shows = ['human', 'agent', 'thinking', 'acts', 'injected'] as const;
export type Show = (typeof shows)[number];

export const showLabels: Record<Show, string> = {
  human: 'Person', agent: 'Agent', thinking: 'Reasoning', acts: 'Tools', injected: 'Put in by the program',
};

/** Which choice an entry belongs to. What has no choice of its own is always shown. */
export function showOf(entry: Entry): Show | undefined {
  if (entry.act) return 'acts';
  if (entry.kind === 'thinking') return 'thinking';
  return entry.origin === 'human' || entry.origin === 'agent' || entry.origin === 'injected' ? entry.origin : undefined;
}
