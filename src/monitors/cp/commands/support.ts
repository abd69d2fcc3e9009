/** Commands of VM/370 that this CP knows by name and does not do, and why; the reference pages show the list. */
import { SET_ABSENT } from './define.ts';

export const COMMANDS_ABSENT: Readonly<Record<string, readonly [shortest: number, why: string]>> = {
  ACNT: [2, 'NO ACCOUNTING CARDS ARE PUNCHED'],
  COUPLE: [4, 'THERE ARE NO CHANNEL-TO-CHANNEL ADAPTERS'],
  DIAL: [4, 'THERE ARE NO TELEPROCESSING LINES'],
  DUMP: [2, 'USE DISPLAY'],
  ECHO: [1, 'FOR TESTS OF TERMINAL LINES'],
  FORCE: [5, 'USERS LEAVE BY LOGOFF'],
  LOADVFCB: [5, 'PRINTERS HAVE ONE CARRIAGE TAPE'],
  LOCK: [4, 'NO PAGES ARE LOCKED BY HAND'],
  NOTREADY: [4, 'VIRTUAL DEVICES ARE ALWAYS READY'],
  ORDER: [1, 'FILES ARE READ IN THE ORDER OF THEIR COMING'],
  RESET: [5, 'USE SYSTEM RESET'],
  REWIND: [3, 'THERE ARE NO TAPES'],
  SAVESYS: [4, 'SAVED SYSTEMS BELONG TO THE LAB'],
  SHUTDOWN: [8, 'THE LAB SHUTS DOWN'],
  SLEEP: [2, 'A STOPPED MACHINE WAITS FOR BEGIN'],
  TAG: [3, 'NO NETWORK READS TAGS'],
  TERMINAL: [4, 'A TYPEWRITER HAS NO OPTIONS'],
  UNLOCK: [4, 'THE VIRTUAL=REAL AREA STAYS WHAT IT IS'],
  VARY: [4, 'ALL DEVICES ARE ONLINE'],
  VMDUMP: [6, 'USE DISPLAY'],
};

export interface CommandSupport {
  readonly command: string;
  readonly support: 'partial' | 'absent';
  readonly note: string;
}

/** What is missing of commands that exist. */
const PARTIAL: readonly (readonly [string, string])[] = [
  ['ATTACH', 'disks only'],
  ['DEFINE', 'storage, console, spooled devices and new addresses; no temporary disks, lines or channels'],
  ['EXTERNAL', 'code 40, the interrupt key'],
  ['INDICATE', 'CP’s own time is not in the figures'],
  ['LOGON', 'the password stands on the same line; nothing is prompted for'],
  ['QUERY', 'time, names, users, virtual, set, files, queues, links'],
  [
    'SET NOTRANS',
    'the machine in the virtual=real area only, which is then trusted: a channel program of its own may reach any real storage, as under VM/370; off again after a reset',
  ],
  ['SPOOL', 'no FOR, EOF or console spooling'],
  ['STORE', 'no STATUS'],
  ['TRACE', 'at the terminal; no CCWs; while the guest uses PER itself no BRANCH or INSTRUCT'],
  ['DISCONN', 'output is lost until the user comes back'],
];

export const COMMAND_SUPPORT: readonly CommandSupport[] = [
  ...PARTIAL.map(([command, note]) => ({ command, support: 'partial' as const, note })),
  ...Object.entries(COMMANDS_ABSENT).map(([command, [, why]]) => ({
    command,
    support: 'absent' as const,
    note: why.toLowerCase(),
  })),
  ...Object.entries(SET_ABSENT).map(([option, why]) => ({
    command: `SET ${option}`,
    support: 'absent' as const,
    note: why.toLowerCase(),
  })),
];
