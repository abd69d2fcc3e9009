/** What the virtual machines of a world are made of: their devices, and the directory entries that describe them. */
import type { S370 } from '../../machines/s370/machine.ts';
import {
  blockAddress,
  emptyImage,
  formattedImage,
  setTrack,
  type CkdImage,
} from '../../machines/s370/devices/ckd-image.ts';
import { recordZero } from '../../machines/s370/devices/ckd-track.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { drum2305, GEOMETRY_2305, PAGE } from '../../machines/s370/devices/drum-2305.ts';
import {
  UNIT_RECORD as UNIT_RECORD_ENTRIES,
  type DirectoryEntry,
} from '../../monitors/cp/commands/directory.ts';
import type { PagingDevice } from '../../monitors/cp/paging.ts';
import type { VirtualDevice } from '../../monitors/cp/state.ts';
import {
  CONSOLE_ADDRESS,
  CP_DRUM_ADDRESS,
  FELLOW_DISK_ADDRESS,
  PRINTER_ADDRESS,
  PUNCH_ADDRESS,
  READER_ADDRESS,
  WORK_DISK_ADDRESS,
} from './configuration.ts';

/** A drum of its own for CP's paging. */
export function pagingDevice(machine: S370): PagingDevice {
  const image = formattedImage(GEOMETRY_2305, PAGE);
  machine.channels.attach(CP_DRUM_ADDRESS, drum2305(image));
  return {
    address: CP_DRUM_ADDRESS,
    slots: image.format.records * GEOMETRY_2305.heads * GEOMETRY_2305.cylinders,
    locate: (slot) => blockAddress(image, slot),
  };
}

const UNIT_RECORD = [CONSOLE_ADDRESS, READER_ADDRESS, PUNCH_ADDRESS, PRINTER_ADDRESS];

/** Every cylinder of the device: the extent of a minidisk that is no part of a pack. */
const WHOLE_PACK = 0xffff;

const base = (address: number) => ({ address, pending: null, busy: false, sense: [] });

/** The devices of a virtual machine: unit record and console, and each disk of the machine beneath as a whole pack. */
export const virtualDasd = (machine: S370): readonly number[] =>
  machine.channels.addresses.filter((address) => !UNIT_RECORD.includes(address));

export function virtualDevices(dasd: readonly number[], cards: readonly Uint8Array[]): VirtualDevice[] {
  return [
    { ...base(CONSOLE_ADDRESS), type: 'console', waiting: null, typing: null },
    {
      ...base(READER_ADDRESS),
      type: 'reader',
      records: cards.map((card) => [...card]),
      spoolClass: cards.length > 0 ? 'A' : 'empty',
    },
    { ...base(PUNCH_ADDRESS), type: 'punch', records: [], spoolClass: 'A' },
    { ...base(PRINTER_ADDRESS), type: 'printer', records: [], spoolClass: 'A' },
    ...dasd.map((address): VirtualDevice => ({
      ...base(address),
      type: 'disk',
      real: address,
      start: 0,
      cylinders: WHOLE_PACK,
      readOnly: false,
      program: null,
    })),
  ];
}

/** The directory entry of a virtual machine of the stack: its user may give every command. */
export const userEntry = (name: string, storage: number, dasd: readonly number[]): DirectoryEntry => ({
  name,
  password: name,
  storage,
  classes: 'ABCDEFG',
  devices: [
    ...UNIT_RECORD_ENTRIES,
    ...dasd.map((address) => ({
      type: 'disk' as const,
      address,
      real: address,
      start: 0,
      cylinders: WHOLE_PACK,
    })),
  ],
});

/** Cylinders of a fellow user's minidisk. */
const FELLOW_CYLINDERS = 20;
const startOf = (index: number): number => 1 + index * FELLOW_CYLINDERS;

/**
 * The pack with the minidisks of `count` fellow users, initialized as an installation does it: record zero of each track
 * names the cylinder of the minidisk, and not that of the pack. GC20-1801, "Formatting Minidisks".
 */
export function fellowPack(count: number): CkdImage {
  const image = emptyImage(GEOMETRY_3330);
  for (let index = 0; index < count; index++)
    for (let cylinder = 0; cylinder < FELLOW_CYLINDERS; cylinder++)
      for (let head = 0; head < GEOMETRY_3330.heads; head++)
        setTrack(image, startOf(index) + cylinder, head, [recordZero(cylinder, head)]);
  return image;
}

/** The devices of a fellow user: unit record, console, and as disk 191 its part of the pack that the fellows share. */
export const fellowDevices = (index: number): VirtualDevice[] => [
  ...virtualDevices([], []),
  {
    ...base(WORK_DISK_ADDRESS),
    type: 'disk',
    real: FELLOW_DISK_ADDRESS,
    start: startOf(index),
    cylinders: FELLOW_CYLINDERS,
    readOnly: false,
    program: null,
  },
];
