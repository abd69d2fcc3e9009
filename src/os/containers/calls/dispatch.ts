/** From INT 80h to a handler: filters first, then the table; a call that must wait is noted on its thread. */
import { EAX } from '../../../machines/pc/registers.ts';
import { ERRNO, Failure } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { CALL, SERVICE } from '../paths.ts';
import { force, RESTART, signalWaits } from '../process/delivery.ts';
import { exitGroup } from '../process/exit.ts';
import type { Thread, Waiting } from '../process/process.ts';
import * as seccomp from '../process/seccomp.ts';
import { killedBy, SIGNALS } from '../process/signals.ts';
import type { Call } from './call.ts';
import { TABLE } from './table.ts';

const ARGUMENTS = [3, 1, 2, 6, 7, 5] as const;
/** What strict mode lets through: exit, read, write, sigreturn. */
const STRICT: ReadonlySet<number> = new Set([1, 3, 4, 119, 173, 252]);

/** Serves the call whose number the thread has noted. */
export function dispatch(kernel: Kernel, thread: Thread): void {
  const { registers, process } = thread;
  const number = thread.call!;
  const args = Int32Array.from(ARGUMENTS, (register) => registers.general[register]!);
  kernel.system.work(SERVICE, CALL);
  if (!allowed(kernel, thread, number, args)) return;
  const row = TABLE.get(number);
  if (!row) {
    kernel.unknown.set(number, (kernel.unknown.get(number) ?? 0) + 1);
    registers.general[EAX] = -ERRNO.ENOSYS;
    return;
  }
  if (thread.deadline === null) kernel.calls.set(row.name, (kernel.calls.get(row.name) ?? 0) + 1);
  const result = attempt(row.handler, { kernel, thread, process, memory: process.memory, args });
  if (typeof result === 'number') thread.registers.general[EAX] = result;
  else if (signalWaits(thread)) thread.registers.general[EAX] = result.restarts ? RESTART : -ERRNO.EINTR;
  else {
    thread.waiting = result;
    return;
  }
  thread.deadline = null;
  thread.abandonOpening();
  kernel.futexes.leave(thread);
  kernel.observer?.called(thread, row.name, args, thread.registers.general[EAX]);
}

function attempt(handler: (call: Call) => number | Waiting, call: Call): number | Waiting {
  try {
    return handler(call);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return -failure.errno;
  }
}

/** What seccomp says; false if the call is not to be made. */
function allowed(kernel: Kernel, thread: Thread, number: number, args: Int32Array): boolean {
  if (thread.strict && !STRICT.has(number)) {
    exitGroup(kernel, thread.process, killedBy(SIGNALS.KILL));
    return false;
  }
  if (thread.filters.length === 0 || thread.deadline !== null) return true;
  const { registers, process } = thread;
  const verdict = seccomp.judge(thread.filters, number, registers.eip, args);
  switch (verdict & seccomp.RET_ACTION) {
    case seccomp.RET_ALLOW:
    case seccomp.RET_LOG:
      return true;
    case seccomp.RET_ERRNO:
      registers.general[EAX] = -Math.min(verdict & 0xffff, 4095);
      return false;
    case seccomp.RET_TRACE:
      registers.general[EAX] = -ERRNO.ENOSYS;
      return false;
    case seccomp.RET_TRAP:
      force(kernel, thread, { signal: SIGNALS.SYS, code: 1, fields: [registers.eip, number, 0x40000003] });
      return false;
    default:
      exitGroup(kernel, process, killedBy(SIGNALS.SYS));
      return false;
  }
}
