/**
 * What firmware tells systems about the machine: MP tables (Intel MultiProcessor Specification 1.4, chapter 4) and ACPI
 * tables (ACPI 1.0b, section 5.2). One processor: both say so. They stand in the system ROM.
 */
import { IO_APIC_BASE, IO_APIC_ID } from '../devices/io-apic.ts';
import { LOCAL_APIC_BASE } from '../devices/local-apic.ts';
import { CONTROL, POWER_PORTS, TIMER } from '../devices/power.ts';

/** Where each table stands. The firmware copies FACS to RAM, for systems write into it. */
const AT = {
  rsdp: 0xf0000,
  mpFloating: 0xf0040,
  mp: 0xf0080,
  rsdt: 0xf0300,
  fadt: 0xf0400,
  madt: 0xf0500,
  dsdt: 0xf0800,
} as const;
const FACS = 0x9fe00;

export interface MachineFacts {
  /** CPUID leaf 1: EAX and EDX. */
  readonly signature: number;
  readonly features: number;
  /** ACPI machine code of the devices. */
  readonly dsdt: Uint8Array;
}

export interface PlacedTable {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Fields one after the other, little-endian. */
class Fields {
  readonly bytes: number[] = [];
  byte(...values: readonly number[]): this {
    this.bytes.push(...values.map((value) => value & 0xff));
    return this;
  }
  word(...values: readonly number[]): this {
    for (const value of values) this.byte(value, value >> 8);
    return this;
  }
  long(...values: readonly number[]): this {
    for (const value of values) this.byte(value, value >> 8, value >> 16, value >> 24);
    return this;
  }
  text(text: string, length = text.length): this {
    return this.byte(...Array.from(text.padEnd(length), (c) => c.charCodeAt(0)));
  }
  zeros(count: number): this {
    return this.byte(...new Array<number>(count).fill(0));
  }
}

/** Makes the sum of the first `length` bytes zero. */
function sealed(bytes: readonly number[], checksumAt: number, length = bytes.length): Uint8Array {
  const table = Uint8Array.from(bytes);
  table[checksumAt] = 0;
  table[checksumAt] = -table.subarray(0, length).reduce((sum, byte) => sum + byte, 0);
  return table;
}

// ---------------------------------------------------------------- MP tables

const ISA_BUS = 1;
const PCI_BUS = 0;
const INT = 0;
const NMI = 1;
const EXTERNAL = 3;
/** Active low, level. */
const PCI_LINE = 0x0f;
const ALL = 0xff;
const APIC_VERSION = 0x14;
const IO_APIC_VERSION = 0x11;

/** The interrupt lines of the AT: 0 comes by input 2, and 2, the cascade, not at all. */
const ISA_LINES = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15] as const;
const NETWORK_SLOT = 3;
const NETWORK_LINE = 11;

function mpConfiguration({ signature, features }: MachineFacts): Uint8Array {
  const entries = new Fields();
  let count = 0;
  const entry = (): Fields => {
    count++;
    return entries;
  };
  entry().byte(0, 0, APIC_VERSION, 0x03).long(signature, features, 0, 0);
  entry().byte(1, PCI_BUS).text('PCI', 6);
  entry().byte(1, ISA_BUS).text('ISA', 6);
  entry().byte(2, IO_APIC_ID, IO_APIC_VERSION, 0x01).long(IO_APIC_BASE);
  for (const line of ISA_LINES)
    entry()
      .byte(3, INT)
      .word(0)
      .byte(ISA_BUS, line, IO_APIC_ID, line === 0 ? 2 : line);
  entry()
    .byte(3, INT)
    .word(PCI_LINE)
    .byte(PCI_BUS, NETWORK_SLOT << 2, IO_APIC_ID, NETWORK_LINE);
  entry().byte(4, EXTERNAL).word(0).byte(ISA_BUS, 0, ALL, 0);
  entry().byte(4, NMI).word(0).byte(ISA_BUS, 0, ALL, 1);
  const header = new Fields()
    .text('PCMP')
    .word(44 + entries.bytes.length)
    .byte(4, 0)
    .text('STRATA', 8)
    .text('PC', 12)
    .long(0)
    .word(0, count)
    .long(LOCAL_APIC_BASE)
    .word(0)
    .byte(0, 0);
  return sealed([...header.bytes, ...entries.bytes], 7);
}

/** No default configuration; bit 7 of the second feature byte clear: no IMCR, the 8259 passes through the APIC. */
const mpFloating = (): Uint8Array =>
  sealed(new Fields().text('_MP_').long(AT.mp).byte(1, 4, 0, 0, 0, 0, 0, 0).bytes, 10);

// ---------------------------------------------------------------- ACPI tables

const HEADER = 36;

function table(signature: string, revision: number, body: Fields): Uint8Array {
  const header = new Fields()
    .text(signature)
    .long(HEADER + body.bytes.length)
    .byte(revision, 0)
    .text('STRATA')
    .text('PC', 8)
    .long(1)
    .text('STRA')
    .long(1);
  return sealed([...header.bytes, ...body.bytes], 9);
}

const rsdp = (): Uint8Array =>
  sealed(new Fields().text('RSD PTR ').byte(0).text('STRATA').byte(0).long(AT.rsdt).bytes, 8);

const SCI = 9;
/** WBINVD works; of sleep buttons and fixed power button there are none; the RTC wakes nobody; timer of 24 bits. */
const FADT_FLAGS = 0x01 | 0x10 | 0x20 | 0x40;
/** The hardware is in ACPI mode, so no command switches it there. */
function fadt(): Uint8Array {
  const body = new Fields()
    .long(FACS, AT.dsdt)
    .byte(1, 0)
    .word(SCI)
    .long(0)
    .byte(0, 0, 0, 0)
    .long(POWER_PORTS, 0, POWER_PORTS + CONTROL, 0, 0, POWER_PORTS + TIMER, 0, 0)
    .byte(4, 2, 0, 4, 0, 0, 0, 0)
    .word(0xffff, 0xffff, 0, 0)
    .byte(0, 0, 0, 0, 0x32)
    .word(0)
    .byte(0)
    .long(FADT_FLAGS);
  return table('FACP', 1, body);
}

const EDGE_HIGH = 0;
const LEVEL_HIGH = 0x0d;
function madt(): Uint8Array {
  const body = new Fields()
    .long(LOCAL_APIC_BASE, 1)
    .byte(0, 8, 0, 0)
    .long(1)
    .byte(1, 12, IO_APIC_ID, 0)
    .long(IO_APIC_BASE, 0)
    .byte(2, 10, 0, 0)
    .long(2)
    .word(EDGE_HIGH)
    .byte(2, 10, 0, SCI)
    .long(SCI)
    .word(LEVEL_HIGH)
    .byte(4, 6, 0xff)
    .word(0)
    .byte(1);
  return table('APIC', 1, body);
}

/** All tables with their places. */
export const machineTables = (facts: MachineFacts): readonly PlacedTable[] => [
  { at: AT.rsdp, bytes: rsdp() },
  { at: AT.mpFloating, bytes: mpFloating() },
  { at: AT.mp, bytes: mpConfiguration(facts) },
  { at: AT.rsdt, bytes: table('RSDT', 1, new Fields().long(AT.fadt, AT.madt)) },
  { at: AT.fadt, bytes: fadt() },
  { at: AT.madt, bytes: madt() },
  { at: AT.dsdt, bytes: facts.dsdt },
];
