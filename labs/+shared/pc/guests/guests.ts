/** Small kernels that several chapters boot, by name, and what guests in assembly may include. */
import type { Includes } from '../flat.ts';
import popf from './popf.asm?raw';
import serial from './serial.inc?raw';
import timer from './timer.inc?raw';

export const SHARED_GUESTS = { popf } as const satisfies Readonly<Record<string, string>>;

export const INCLUDES: Includes = { 'serial.inc': serial, 'timer.inc': timer };
