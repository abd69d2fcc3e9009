/**
 * A student's simulation of a privileged instruction, in place of CP's own. It works on copies of the virtual machine's
 * registers, which CP takes over when it returns; storage it reads and writes as the guest's instruction would.
 */
import type { Diagnostic } from '../../base/diagnostics.ts';
import { PieceFailed } from '../../lab/piece.ts';
import { guestFault } from '../../monitors/cp/guest-access.ts';
import { isSimulated, type Action, type Decoded, type Simulated } from '../../monitors/cp/simulate.ts';
import type { VirtualMachine } from '../../monitors/cp/virtual-machine.ts';
import type { Sandbox } from '../../sandbox/contract.ts';

/** Pieces as a setup has them: JavaScript by mnemonic, and where it is to run. */
export interface Pieces {
  readonly sandbox: Sandbox;
  readonly sources: Readonly<Record<string, string>>;
}

export const FUNCTION_NAME = 'simulate';
export const pieceFile = (mnemonic: string): string => `${mnemonic.toLowerCase()}.js`;

/** Fields of the virtual PSW that the student sees; those with a limit may be changed, up to it. */
const PSW_LIMITS = {
  systemMask: 0xff,
  key: 15,
  conditionCode: 3,
  programMask: 15,
  instructionAddress: 0xffffff,
};

/** Inside the sandbox: the virtual machine as an object, and what has become of it. */
const API = `(host, { vm, instruction, limits }) => {
  const word = (name, value, most) => {
    if (!Number.isInteger(value)) throw new TypeError(name + ' is no whole number');
    if (value < -0x80000000 || value > most) throw new RangeError(name + ' is out of range: ' + value);
    return value >>> 0;
  };
  const words = (name, list) => Array.from({ length: 16 }, (_, i) => word(name + '[' + i + ']', list[i], 0xffffffff));
  const machine = {
    ...vm,
    fetch: (address, length) => host('fetch', word('address', address, 0xffffffff), word('length', length, 256)),
    store: (address, bytes) => host('store', word('address', address, 0xffffffff), Array.from(bytes, (b) => word('byte', b, 0xff))),
    storageKey: (address) => host('storageKey', word('address', address, 0xffffffff)),
    setStorageKey: (address, key) => host('setStorageKey', word('address', address, 0xffffffff), word('key', key, 0xff)),
    program: (code) => host('program', word('code', code, 0xffff)),
  };
  return {
    given: [machine, instruction],
    result: () => ({
      gr: words('vm.gr', machine.gr),
      cr: words('vm.cr', machine.cr),
      psw: Object.fromEntries(Object.entries(limits).map(([name, most]) => {
        const value = machine.psw[name];
        if (value < 0) throw new RangeError('vm.psw.' + name + ' is out of range: ' + value);
        return [name, word('vm.psw.' + name, value, most)];
      })),
    }),
  };
}`;

interface Result {
  readonly gr: readonly number[];
  readonly cr: readonly number[];
  readonly psw: Readonly<Record<keyof typeof PSW_LIMITS, number>>;
}

/** Compiles the pieces; gives the actions, or what is wrong. */
export function compilePieces({ sandbox, sources }: Pieces): {
  readonly actions: ReadonlyMap<Simulated, Action>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const actions = new Map<Simulated, Action>();
  const diagnostics: Diagnostic[] = [];
  for (const [mnemonic, source] of Object.entries(sources)) {
    if (!isSimulated(mnemonic)) throw new Error(`CP simulates no instruction ${mnemonic}`);
    const compiled = compile(sandbox, mnemonic, source);
    if (typeof compiled === 'function') actions.set(mnemonic, compiled);
    else diagnostics.push(compiled);
  }
  return { actions, diagnostics };
}

function compile(sandbox: Sandbox, mnemonic: Simulated, source: string): Action | Diagnostic {
  /** Whose instruction is being simulated. */
  let vm: VirtualMachine | null = null;
  const piece = sandbox.load({
    file: pieceFile(mnemonic),
    source,
    functionName: FUNCTION_NAME,
    api: API,
    host: (name, given) => vm && answer(vm, name, given),
  });
  if ('problem' in piece) return piece.problem;
  return (of, decoded) => {
    vm = of;
    const outcome = piece.call(seen(of, decoded));
    vm = null;
    if (!outcome.ok) throw new PieceFailed(outcome.problem);
    takeOver(of, outcome.value as Result);
  };
}

const seen = (vm: VirtualMachine, { row, r1, r3, immediate, address }: Decoded) => ({
  vm: {
    gr: Array.from(vm.gr, (word) => word >>> 0),
    cr: Array.from(vm.state.cr, (word) => word >>> 0),
    psw: vm.state.psw,
    storageSize: vm.storageSize,
  },
  instruction: { mnemonic: row.mnemonic, r1, r3, immediate, address },
  limits: PSW_LIMITS,
});

/** What the machine object's functions do. What must interrupt the guest, or wait for a page, is thrown. */
function answer(vm: VirtualMachine, name: string, [first, second]: readonly unknown[]): unknown {
  const at = Number(first);
  switch (name) {
    case 'fetch':
      return [...vm.cp.access.fetch(vm, at & 0xffffff, Number(second))];
    case 'store':
      vm.cp.access.store(vm, at & 0xffffff, second as number[]);
      return undefined;
    case 'storageKey':
      return vm.storageKey(vm.cp.simulator.block(vm, at));
    case 'setStorageKey':
      vm.changeStorageKey(vm.cp.simulator.block(vm, at), Number(second) & 0xfe);
      return undefined;
    default:
      return guestFault(at);
  }
}

function takeOver(vm: VirtualMachine, { gr, cr, psw }: Result): void {
  const { cp, state } = vm;
  vm.gr.set(gr);
  cr.forEach((value, register) => {
    if ((value | 0) !== (state.cr[register]! | 0)) cp.simulator.setControl(vm, register, value);
  });
  const { systemMask, ...others } = psw;
  cp.setPsw(vm, others);
  if (systemMask !== state.psw.systemMask) cp.simulator.changeMask(vm, systemMask);
}
