/** The buttons of the virtual machine's console: IPL, BEGIN, SYSTEM, EXTERNAL, ADSTOP, ATTN. */
import { ATTENTION } from '../../../machines/s370/channels/csw.ts';
import { RESTART_NEW_PSW, RESTART_OLD_PSW } from '../../../machines/s370/assigned-storage.ts';
import { packPsw, unpackPsw } from '../../../machines/s370/psw.ts';
import {
  address6,
  addressOf,
  deviceAt,
  fail,
  hexadecimal,
  noMore,
  type Command,
  type Context,
} from './command.ts';

/** What ADSTOP puts in the place of an instruction: SVC X'B3'. */
export const ADSTOP_SVC = [0x0a, 0xb3] as const;

/** IPL of a device or of a saved system. */
export function loadSystem(context: Context): string {
  const { cp, vm, operands, installation } = context;
  const [what, ...options] = operands;
  if (what === undefined) fail('DMKCFG026E', 'OPERAND MISSING OR INVALID');
  const clears = options[0] === 'CLEAR';
  noMore(clears ? options.slice(1) : options.filter((o) => o !== 'NOCLEAR'), 'DMKCFG');
  const address = hexadecimal(what, 3);
  const saved = address === null ? (installation.savedSystem?.(what) ?? null) : null;
  if (address === null && !saved) fail('DMKCFG044E', `${what} DOES NOT EXIST`);
  if (vm.host) fail('DMKCFG006E', 'THIS MACHINE BELONGS TO ITS CONTROL PROGRAM');
  if (address !== null) {
    const device = deviceAt(context, address, 'DMKCFG');
    if (device.type !== 'disk' && device.type !== 'reader')
      fail('DMKCFG006E', `INVALID DEVICE TYPE - ${what}`);
    if (clears) clearStorage(context);
    cp.loader.begin(vm, address);
    return '';
  }
  if (clears) clearStorage(context);
  cp.resetMachine(vm);
  for (const { address: at, bytes } of saved!.segments) vm.store(at, bytes);
  vm.state.psw = unpackPsw(...saved!.psw);
  vm.state.stopped = false;
  return '';
}

/** Every page becomes a page of zeros; those that a real channel still uses keep what it brings. */
export function clearStorage({ cp, vm }: Context): void {
  cp.resetMachine(vm);
  vm.state.addressStop = null;
  cp.paging.releaseAll(vm);
}

function system({ cp, vm, operands, ...others }: Context): string {
  const [what, ...more] = operands;
  noMore(more, 'DMKCPB');
  switch (what) {
    case 'CLEAR':
      clearStorage({ cp, vm, operands, ...others });
      vm.state.stopped = true;
      return 'STORAGE CLEARED - SYSTEM RESET';
    case 'RESET':
      cp.resetMachine(vm);
      vm.state.stopped = true;
      return 'SYSTEM RESET';
    case 'RESTART': {
      const [high, low] = packPsw(vm.state.psw);
      const next = vm.fetchPsw(RESTART_NEW_PSW);
      vm.storeWord(RESTART_OLD_PSW, high);
      vm.storeWord(RESTART_OLD_PSW + 4, low);
      vm.state.psw = next;
      vm.state.stopped = false;
      return '';
    }
    default:
      return fail('DMKCPB026E', 'OPERAND MISSING OR INVALID');
  }
}

function begin({ cp, vm, operands }: Context): string {
  const [at, ...more] = operands;
  noMore(more, 'DMKCFB');
  if (at !== undefined) {
    const address = hexadecimal(at);
    if (address === null) fail('DMKCFB004E', `INVALID HEXLOC - ${at}`);
    if (address >= vm.storageSize) fail('DMKCFB160E', `HEXLOC ${at} EXCEEDS STORAGE`);
    cp.setPsw(vm, { instructionAddress: address });
  }
  // The interval timer does not run while the machine is stopped.
  if (vm.state.stopped) vm.state.intervalTick = cp.timers.intervalTick;
  vm.state.stopped = false;
  return '';
}

function addressStop({ vm, operands }: Context): string {
  const [at, ...more] = operands;
  noMore(more, 'DMKCFD');
  if (at === undefined) fail('DMKCFD026E', 'OPERAND MISSING OR INVALID');
  const present = vm.state.addressStop;
  const address = at === 'OFF' ? null : hexadecimal(at);
  if (at !== 'OFF') {
    if (address === null || (address & 1) !== 0) fail('DMKCFD004E', `INVALID HEXLOC - ${at}`);
    if (address + 2 > vm.storageSize) fail('DMKCFD160E', `HEXLOC ${at} EXCEEDS STORAGE`);
    vm.touch(address, 2);
  }
  if (present) {
    vm.touch(present.address, 2);
    const [a, b] = vm.fetch(present.address, 2);
    if (a === ADSTOP_SVC[0] && b === ADSTOP_SVC[1]) vm.store(present.address, present.bytes);
  }
  vm.state.addressStop = null;
  if (address === null) return '';
  const [first = 0, second = 0] = vm.fetch(address, 2);
  vm.state.addressStop = { address, bytes: [first, second] };
  vm.store(address, ADSTOP_SVC);
  return '';
}

/** The machine comes to the SVC of ADSTOP: its instruction is put back, and CP has the terminal. */
export function stopAtAddress({ cp, vm }: Pick<Context, 'cp' | 'vm'>): void {
  const stop = vm.state.addressStop!;
  vm.state.addressStop = null;
  vm.store(stop.address, stop.bytes);
  cp.setPsw(vm, { instructionAddress: vm.state.instructionAddress });
  vm.state.stopped = true;
  cp.say(vm, `ADSTOP AT ${address6(stop.address)}`);
}

export const CONTROL: readonly Command[] = [
  { name: 'IPL', shortest: 1, run: loadSystem },
  { name: 'BEGIN', shortest: 1, run: begin },
  { name: 'SYSTEM', shortest: 3, run: system },
  { name: 'ADSTOP', shortest: 6, run: addressStop },
  {
    name: 'EXTERNAL',
    shortest: 2,
    run({ vm, operands }) {
      const [code, ...more] = operands;
      noMore(more, 'DMKCPB');
      if (code !== undefined && hexadecimal(code, 4) !== 0x40)
        fail('DMKCPB026E', 'OPERAND MISSING OR INVALID: ONLY CODE 40, THE INTERRUPT KEY');
      vm.state.keyPending = true;
      return '';
    },
  },
  {
    name: 'ATTN',
    shortest: 4,
    run({ cp, vm, operands }) {
      noMore(operands, 'DMKCPB');
      const console = vm.state.devices.find((d) => d.type === 'console');
      if (console) cp.virtualIo.present(console, ATTENTION);
      return '';
    },
  },
  {
    name: 'READY',
    shortest: 5,
    run(context) {
      const [at, ...more] = context.operands;
      noMore(more, 'DMKCPB');
      const device = deviceAt(context, addressOf(at, 'DMKCPB'), 'DMKCPB');
      context.cp.virtualIo.present(device, 0x0400);
      return '';
    },
  },
];
