import { describe, expect, test } from 'vitest';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import { findSymbol } from '../../../src/assembler/core/assembly.ts';
import { ebcdicBytes } from '../../../src/base/ebcdic.ts';
import { formatDiagnostic } from '../../../src/base/diagnostics.ts';
import { CardReader } from '../../../src/machines/s370/devices/card-reader.ts';
import { Console3215 } from '../../../src/machines/s370/devices/console-3215.ts';
import type { Device } from '../../../src/machines/s370/devices/device.ts';
import { disk3330 } from '../../../src/machines/s370/devices/disk-3330.ts';
import { drum2305 } from '../../../src/machines/s370/devices/drum-2305.ts';
import { Printer1403 } from '../../../src/machines/s370/devices/printer-1403.ts';
import { S370 } from '../../../src/machines/s370/machine.ts';
import { unpackPsw } from '../../../src/machines/s370/psw.ts';
import { deckOf, guestNamed, GUESTS, type Guest, type GuestDevice } from './guests.ts';

const hex = (value: number): string => (value >>> 0).toString(16).toUpperCase().padStart(8, '0');

function makeDevice(type: string): Device {
  switch (type) {
    case '3215':
      return new Console3215();
    case '1403':
      return new Printer1403();
    case '2540R':
      return new CardReader();
    case '3330':
      return disk3330();
    case '2305':
      return drum2305();
    default:
      throw new Error(`no device ${type}`);
  }
}

function boot(guest: Guest, devices: readonly GuestDevice[]): { machine: S370; made: Map<string, Device> } {
  const assembly = assembleS370(guest.source, { file: `${guest.name}.s` });
  expect(assembly.diagnostics.map(formatDiagnostic)).toEqual([]);
  const machine = new S370({ storage: guest.storage });
  const made = new Map<string, Device>();
  for (const { address, type } of devices) {
    const device = makeDevice(type);
    made.set(type, device);
    machine.channels.attach(address, device);
    if (device instanceof CardReader && guest.cards)
      device.load(deckOf(guest.cards).map((card) => ebcdicBytes(card, 80)));
  }
  machine.cpu.storage.write(assembly.origin, assembly.bytes);
  machine.loadPsw(unpackPsw(machine.cpu.view.getUint32(0), machine.cpu.view.getUint32(4)));
  return { machine, made };
}

const linesOf = (device: Device | undefined): string[] =>
  device instanceof Console3215 || device instanceof Printer1403 ? device.output.split(/[\n\f]/) : [];

/** What the run did not deliver, in words. */
function shortfalls(guest: Guest, machine: S370, made: ReadonlyMap<string, Device>): string[] {
  const assembly = assembleS370(guest.source);
  return guest.expectations.flatMap((e): string[] => {
    switch (e.kind) {
      case 'register': {
        const found = hex(machine.cpu.gr[e.register]!);
        return found === hex(e.value) ? [] : [`R${e.register} is ${found}, not ${hex(e.value)}`];
      }
      case 'storage': {
        const at = findSymbol(assembly, e.symbol)!.value;
        const found = e.words.map((_, i) => hex(machine.cpu.view.getUint32(at + 4 * i))).join(' ');
        const wanted = e.words.map(hex).join(' ');
        return found === wanted ? [] : [`${e.symbol} is ${found}, not ${wanted}`];
      }
      default: {
        const lines = linesOf(made.get(e.kind === 'console' ? '3215' : '1403'));
        return lines.some((line) => line.includes(e.text)) ? [] : [`no line of the ${e.kind} has ${e.text}`];
      }
    }
  });
}

const SLICE = 1_000_000;

function runToEnd(guest: Guest, machine: S370, made: ReadonlyMap<string, Device>): string {
  const end = (guest.seconds * 1e12) / machine.cpu.model.cyclePicoseconds;
  const operator = made.get('3215');
  let typed = 0;
  while (machine.clock < end) {
    const stop = machine.run(SLICE);
    if (operator instanceof Console3215 && operator.awaitsInput && typed < guest.typed.length)
      operator.type(guest.typed[typed++]!);
    else if (stop.kind !== 'budget') {
      const { instructionAddress, systemMask } = machine.psw;
      const enabled = systemMask !== 0 ? ', enabled' : '';
      return `${stop.kind} at ${hex(instructionAddress).slice(2)}${enabled}`;
    }
  }
  return `still running after ${guest.seconds} s`;
}

const bareRuns = GUESTS.flatMap((guest) => [
  { name: guest.name, guest, devices: guest.devices },
  ...(guest.optionalDevices.length === 0
    ? []
    : [
        {
          name: `${guest.name} with ${guest.optionalDevices.map((d) => d.type).join(', ')}`,
          guest,
          devices: [...guest.devices, ...guest.optionalDevices],
        },
      ]),
]);

describe('on the bare machine', () => {
  test.each(bareRuns)('$name keeps what its header promises', ({ guest, devices }) => {
    const { machine, made } = boot(guest, devices);
    const end = runToEnd(guest, machine, made);
    const { ledger, clock } = machine;
    ledger.settle();
    expect({ end, shortfalls: shortfalls(guest, machine, made), booked: ledger.total }).toEqual({
      end: 'wait at 000000',
      shortfalls: [],
      booked: clock,
    });
  });
});

describe('PARLEY', () => {
  test('gives up a program that runs for ever when the user asks for attention and types HX', () => {
    const guest = guestNamed('parley');
    const { machine, made } = boot(guest, guest.devices);
    const operator = made.get('3215') as Console3215;
    const untilRead = (): void => {
      while (!operator.awaitsInput && machine.clock < 1e9) machine.run(SLICE);
    };
    for (const line of ['format', 'run spin']) {
      untilRead();
      operator.type(line);
    }
    machine.run(10 * SLICE);
    expect(machine.psw.problemState).toBe(true);
    operator.type('hx');
    untilRead();
    expect(operator.output).toMatch(/PROGRAM HALTED *\nREADY\n$/);
  });
});
