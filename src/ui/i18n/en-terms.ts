/** English for the closed words that frames carry: names of groups and tables, states, steps of a walk. */
import { pcTerms } from './en-pc.ts';

const terms: Readonly<Record<string, string>> = {
  '': 'Processor',
  'real machine': 'Real machine',
  'virtual machine': 'Virtual machine',
  psw: 'PSW',
  general: 'General registers',
  control: 'Control registers',
  floating: 'Floating-point registers',
  guest: 'Guest’s table',
  shadow: 'Shadow table',
  CP: 'CP’s table for the guest',
  'segment-invalid': 'segment invalid',
  'page-invalid': 'page invalid',
  idle: 'idle',
  busy: 'busy',
  pending: 'interruption pending',
  'logged-off': 'logged off',
  'cp-mode': 'stopped, CP listens',
  'page-wait': 'waits for a page',
  wait: 'waits',
  runnable: 'can run',
  eligible: 'eligible list',
  'segment-table': 'Control register 1 says where the segment table is',
  'segment-entry': 'Entry of the segment table',
  'page-entry': 'Entry of the page table',
  real: 'Real address',
  addressing: 'Stops here: addressing exception',
  'stops:segment-invalid': 'Stops here: segment-translation exception',
  'stops:page-invalid': 'Stops here: page-translation exception',
  specification: 'Stops here: translation-specification exception',
  invalid: 'Stops here: invalid',
};

/** Names that worlds give to external interruptions. */
const externalNames: Readonly<Record<string, string>> = {
  'interval timer': 'interval timer',
  'interrupt key': 'interrupt key',
  'clock comparator': 'clock comparator',
  'CPU timer': 'CPU timer',
};

/** What is reflected, by class of interruption. */
const classes: Readonly<Record<string, string>> = {
  program: 'the program interruption',
  svc: 'the supervisor call',
  external: 'the external interruption',
  io: 'the I/O interruption',
};

export const vocabulary = { terms: { ...terms, ...pcTerms }, externalNames, classes };
