/** Sectors as the task file names them: by cylinder, head and sector, or by 28 or 48 bits. ATA/ATAPI-6, section 6.2. */
import type { DriveMode } from './ata-identify.ts';
import type { TaskFile } from './ata-registers.ts';

const SELECT_LBA = 0x40;

const byte = (value: number): number => value & 0xff;

/** First sector and number of sectors; sector −1 where the geometry has none such. */
export function addressed(
  task: TaskFile,
  wide: boolean,
  mode: DriveMode,
): { readonly sector: number; readonly count: number } {
  const { count, low, middle, high, select } = task;
  const below = (byte(high) << 16) | (byte(middle) << 8) | byte(low);
  if (wide) {
    // The bytes that were written before are bits 24 to 47.
    const above = ((high >> 8) << 16) | (middle & 0xff00) | (low >> 8);
    return { sector: above * 0x1000000 + below, count: count === 0 ? 0x10000 : count };
  }
  const sectors = byte(count) === 0 ? 256 : byte(count);
  if ((select & SELECT_LBA) !== 0) return { sector: ((select & 15) << 24) | below, count: sectors };
  const { heads, sectorsPerTrack } = mode;
  const cylinder = (byte(high) << 8) | byte(middle);
  const [head, first] = [select & 15, byte(low)];
  const valid = first >= 1 && first <= sectorsPerTrack && head < heads;
  return {
    sector: valid ? (cylinder * heads + head) * sectorsPerTrack + first - 1 : -1,
    count: sectors,
  };
}

/** The task file when `left` sectors remain and the one before `sector` was the last. */
export function addressing(task: TaskFile, sector: number, left: number): TaskFile {
  if ((task.select & SELECT_LBA) === 0) return { ...task, count: byte(left) };
  const at = Math.max(0, sector - 1);
  return { ...task, count: byte(left), low: byte(at), middle: byte(at >> 8), high: byte(at >> 16) };
}
