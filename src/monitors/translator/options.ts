/** What of the monitor can be switched to compare. */
import type { IoPath } from './devices.ts';
import type { Upkeep } from '../shadow/tables.ts';

export interface TranslatorOptions {
  readonly chaining: boolean;
  readonly adaptive: boolean;
  readonly io: IoPath;
  readonly shadows: Upkeep;
}
export const DEFAULT_OPTIONS: TranslatorOptions = {
  chaining: true,
  adaptive: true,
  io: 'bare-metal',
  shadows: 'traced',
};
