/** The guest alone on the machine: it takes every interruption itself. */
import { layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { S370 } from '../../machines/s370/machine.ts';
import { unpackPsw } from '../../machines/s370/psw.ts';
import type { Input } from '../../protocol/frame.ts';
import { cardsFromText, type Peripherals } from './peripherals.ts';
import { machineSubject } from './subject.ts';
import type { System } from './system.ts';

/** Keys and switches of the machine's own operator; false for input that it does not know. */
export function operatorInput(machine: S370, peripherals: Peripherals, input: Input): boolean {
  const { cpu } = machine;
  switch (input.kind) {
    case 'type':
      peripherals.console.type(input.text);
      return true;
    case 'attention':
      peripherals.console.request();
      return true;
    case 'interrupt-key':
      machine.pressInterruptKey();
      return true;
    case 'restart':
      machine.restart();
      return true;
    case 'machine-check':
      machine.fail({ damage: input.damage });
      return true;
    case 'store':
      if (input.address + input.bytes.length > cpu.storage.size) return false;
      cpu.storage.write(input.address, input.bytes);
      return true;
    case 'set-register':
      cpu.gr[input.register & 15] = input.value;
      return true;
    case 'cards':
      peripherals.reader.load(cardsFromText(input.text));
      return true;
    case 'keys': // its console takes lines
      return false;
  }
}

export function bareSystem(machine: S370, peripherals: Peripherals): System {
  const { cpu } = machine;
  return {
    subjects: [machineSubject(machine)],
    load: (images) => {
      for (const { address, bytes } of images) cpu.storage.write(address, bytes);
      return '';
    },
    begin: ([high, low]) => {
      machine.loadPsw(unpackPsw(high, low));
    },
    // No monitor, nothing to replace.
    replace: () => undefined,
    loadFellow: () => {
      throw new Error('a bare machine has no fellow users');
    },
    ipl: (device) => {
      const stop = machine.ipl(device);
      return stop?.kind === 'check' ? stop.reason : '';
    },
    input: (input) => operatorInput(machine, peripherals, input),
    guestEnd: null,
    executes: () => true,
    user: () => '',
    terminals: () => peripherals.terminalViews(),
    printer: () => peripherals.printer.output,
    tasks: () => null,
    tables: () => [],
    layer: () => {
      if (cpu.wait) return { layer: 'hardware', level: 0, reason: 'idle' };
      const { open } = cpu.ledger;
      return { layer: layerOf(open), level: levelOf(open), reason: reasonOf(open) };
    },
    observe: () => undefined,
    save: () => null,
    restore: () => undefined,
  };
}
