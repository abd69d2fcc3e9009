/** The I/O instructions; the channels do the work. GA22-7000, "Input/Output Operations", "Input/Output Instructions". */
import { row, type Execute, type Row } from './row.ts';

/** Bits 16 to 31 of the second-operand address: channel and device. */
const ioAddress = (base: number): number => base & 0xffff;

/** One instruction that asks the channels and sets the condition code with their answer. */
const ask =
  (name: 'testIo' | 'clearIo' | 'haltIo' | 'haltDevice' | 'testChannel' | 'storeChannelId'): Execute =>
  (cpu, word) => {
    cpu.cc = cpu.channels[name](ioAddress(cpu.based(word & 0xffff)));
    // A device may now have an event earlier than the one the processor was to run to.
    cpu.leaveLoop();
  };

const start =
  (fast: boolean): Execute =>
  (cpu, word) => {
    cpu.cc = cpu.channels.startIo(ioAddress(cpu.based(word & 0xffff)), fast);
    cpu.leaveLoop();
  };

const PRIVILEGED = { privileged: true, sensitive: 'control' } as const;
const NOT_THERE = 'not operational';

export const INPUT_OUTPUT: readonly Row[] = [
  row(0x9c00, 'SIO', 'Start I/O', 'D2(B2)', 'input-output', start(false), {
    ...PRIVILEGED,
    cc: ['started', 'CSW stored', 'busy', NOT_THERE],
  }),
  row(0x9c01, 'SIOF', 'Start I/O Fast Release', 'D2(B2)', 'input-output', start(true), {
    ...PRIVILEGED,
    cc: ['started', 'CSW stored', 'busy', NOT_THERE],
  }),
  row(0x9d00, 'TIO', 'Test I/O', 'D2(B2)', 'input-output', ask('testIo'), {
    ...PRIVILEGED,
    cc: ['available', 'CSW stored', 'busy', NOT_THERE],
  }),
  row(0x9d01, 'CLRIO', 'Clear I/O', 'D2(B2)', 'input-output', ask('clearIo'), {
    ...PRIVILEGED,
    cc: ['no operation in progress', 'CSW stored', 'channel busy', NOT_THERE],
  }),
  row(0x9e00, 'HIO', 'Halt I/O', 'D2(B2)', 'input-output', ask('haltIo'), {
    ...PRIVILEGED,
    cc: ['interruption pending', 'CSW stored', 'burst operation terminated', NOT_THERE],
  }),
  row(0x9e01, 'HDV', 'Halt Device', 'D2(B2)', 'input-output', ask('haltDevice'), {
    ...PRIVILEGED,
    cc: ['interruption pending', 'CSW stored', 'channel working', NOT_THERE],
  }),
  row(0x9f00, 'TCH', 'Test Channel', 'D2(B2)', 'input-output', ask('testChannel'), {
    ...PRIVILEGED,
    cc: ['available', 'interruption pending', 'burst mode', NOT_THERE],
  }),
  row(0xb203, 'STIDC', 'Store Channel ID', 'D2(B2)', 'input-output', ask('storeChannelId'), {
    ...PRIVILEGED,
    cc: ['stored', '--', '--', NOT_THERE],
    partial: 'the type alone: model number and log-out length are zero',
  }),
];
