/** The supervisor's own storage: PSWs, channel programs, tables of processes, the terminal's line, file buffers. */
import { BUFFERS } from './files.ts';
import { TABLE_BYTES } from './memory/core.ts';
import { PER_PAGE } from './page-store.ts';
import { PAGE } from './settings.ts';

export const ENTRIES = 0x600;
export const DISK_PROGRAM = 0x800;
export const DRUM_PROGRAM = 0x1000;
export const TABLES = 0x2000;
export const MOST_PROCESSES = 64;
export const TERMINAL_AREA = 0x6000;
export const FILE_BUFFERS = 0x8000;
/** Pages in one channel program: a program's, and a block that makes room for another. */
export const DRUM_MOVES = 100;
export const DISK_MOVES = 2;
/** Bytes of storage that the supervisor keeps for itself; the users' frames follow. */
export const SUPERVISOR_BYTES = 0x10000;
if (DISK_PROGRAM + DISK_MOVES * PER_PAGE > DRUM_PROGRAM) throw new Error('the channel programs overlap');
if (DRUM_PROGRAM + DRUM_MOVES * PER_PAGE > TABLES || TABLES + MOST_PROCESSES * TABLE_BYTES > TERMINAL_AREA)
  throw new Error('the areas of the supervisor overlap');
if (FILE_BUFFERS + BUFFERS * PAGE > SUPERVISOR_BYTES) throw new Error('the file buffers do not fit');
