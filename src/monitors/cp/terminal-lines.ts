/** Lines at the users' terminals: CP's messages, the guests' output, and what is typed, for CP or for a guest. */
import { ATTENTION } from '../../machines/s370/channels/csw.ts';
import type { ControlProgram } from './control-program.ts';
import { PAGE_WAIT, VirtualMachine } from './virtual-machine.ts';

export class TerminalLines {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Types a message of CP at the user's terminal. */
  say(vm: VirtualMachine, text: string): void {
    if (text !== '') this.cp.terminals.write(vm.state.terminal, text);
  }
  guestOutput(vm: VirtualMachine, text: string, ended: boolean): void {
    this.cp.terminals.write(vm.state.terminal, text, ended, true);
    this.cp.note('console', vm, { text });
  }
  /** The guest's console waits for a line. */
  wantLine(vm: VirtualMachine): void {
    this.cp.terminals.read(vm.state.terminal);
  }

  lineTyped(terminal: number, line: string): void {
    const text = line.trimEnd();
    const vm = this.cp.machines.find((m) => m.state.terminal === terminal && m.state.loggedOn);
    if (!vm) {
      this.cp.charge('command');
      const answer = this.cp.noUser(terminal, text);
      if (answer !== '') this.cp.terminals.write(terminal, answer);
      return;
    }
    const escaped = /^#cp\b\s*(.*)$/i.exec(text);
    if (escaped || vm.state.stopped) {
      this.cp.charge('command');
      this.cp.note('command', vm, { text });
      vm.state.command = escaped ? escaped[1]! : text;
      this.runCommand(vm);
      return;
    }
    this.cp.dispatcher.scheduler.interacted(vm, this.cp.dispatcher.cyclesPerMillisecond);
    this.giveLine(vm, text);
  }

  /** Carries out the user's command, unless it must wait for a page first. */
  runCommand(vm: VirtualMachine): void {
    let answer: string;
    try {
      answer = this.cp.command(vm, vm.state.command ?? '');
    } catch (thrown) {
      if (thrown === PAGE_WAIT) return;
      throw thrown;
    }
    vm.state.command = null;
    this.say(vm, answer);
    const console = vm.state.devices.find((d) => d.type === 'console');
    if (vm.state.loggedOn && !vm.state.stopped && console?.waiting) this.wantLine(vm);
  }

  /** Gives a typed line to the console's read, or keeps it and calls the guest's attention. */
  private giveLine(vm: VirtualMachine, line: string): void {
    const console = vm.state.devices.find((d) => d.type === 'console');
    if (!console) return;
    vm.state.lines.push(line);
    if (console.waiting) {
      const program = console.waiting;
      console.waiting = null;
      this.cp.virtualIo.simulated.run(vm, console, program);
    } else this.cp.virtualIo.present(console, ATTENTION);
  }
}
