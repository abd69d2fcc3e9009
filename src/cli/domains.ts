/** `--domains FILE.json`: the guests of a hypervisor, each with its kernel, memory and share. Paths count from the file's folder. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { DomainConfiguration } from '../worlds/pc/configuration.ts';
import { readBytes } from './arguments.ts';
import { BadArguments } from './failure.ts';

const PAGE = 4096;
const SIZE = /^(\d+)([KMG])$/;
const FACTORS: Readonly<Record<string, number>> = { K: 1 << 10, M: 1 << 20, G: 1 << 30 };

const port = z
  .string()
  .regex(/^[0-9a-f]{1,4}(-[0-9a-f]{1,4})?$/i, 'a port or a range in hexadecimal, such as "21" or "3f8-3ff"');

const domain = z.strictObject({
  name: z.string().min(1),
  kernel: z.string().min(1),
  append: z.string().default(''),
  ramdisk: z.string().optional(),
  memory: z.string().regex(SIZE, 'a size such as "16M"'),
  weight: z.int().min(1).max(65535).optional(),
  cap: z.int().min(0).max(100).optional(),
  ioports: z.array(port).optional(),
  /** Domain 0: it has the machine's disk. Another domain's disk is an image that becomes a part of that one. */
  privileged: z.literal(true).optional(),
  disk: z.string().optional(),
  /** Of its network interface, by way of domain 0's bridge. */
  address: z.ipv4('an IPv4 address, such as "10.0.2.16"').optional(),
  later: z.literal(true).optional(),
});
const list = z.array(domain).min(1);

function bytesIn(text: string): number {
  const [, digits, unit] = SIZE.exec(text)!;
  return Math.floor((Number(digits) * FACTORS[unit!]!) / PAGE) * PAGE;
}

function rangeOf(text: string): readonly [number, number] {
  const [first, last = first] = text.split('-').map((each) => parseInt(each, 16));
  return [first!, last!];
}

/** Without what was not said. */
const present = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadArguments(
      `--domains ${path}: this is no JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

export interface Domains {
  readonly domains: readonly DomainConfiguration[];
  /** Images of the second to fourth partitions of domain 0's disk. */
  readonly images: readonly Uint8Array[];
}

/** @throws BadArguments that names the field that is wrong, or the file that cannot be read */
export function readDomains(path: string): Domains {
  const found = list.safeParse(parsed(path, new TextDecoder().decode(readBytes(path))));
  if (!found.success) {
    const { path: at, message } = found.error.issues[0]!;
    throw new BadArguments(`--domains ${path}: ${at.join('.') || 'a list of domains is needed'}: ${message}`);
  }
  const file = (name: string): Uint8Array => readBytes(resolve(dirname(path), name));
  const images: Uint8Array[] = [];
  /** The partition that an image becomes. */
  const partition = (name: string): string => `hda${images.push(file(name)) + 1}`;
  const domains = found.data.map(({ kernel, ramdisk, memory, ioports, disk, ...rest }) => ({
    ...present(rest),
    kernel: file(kernel),
    ramdisk: ramdisk === undefined ? null : file(ramdisk),
    memory: bytesIn(memory),
    ...(ioports && { ioports: ioports.map(rangeOf) }),
    ...(disk !== undefined && { disk: partition(disk) }),
  }));
  return { domains, images };
}
