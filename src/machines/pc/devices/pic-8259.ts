/**
 * Two 8259A interrupt controllers in cascade, the second on input 2 of the first. Intel 8259A data sheet (231468).
 * Edge-triggered: a rising line sets a request, which a falling one takes back until it is acknowledged.
 */
import type { PortDevice } from './port-bus.ts';

const MASTER_COMMAND = 0x20;
const MASTER_DATA = 0x21;
const SLAVE_COMMAND = 0xa0;
const SLAVE_DATA = 0xa1;
const CASCADE = 2;
const SPURIOUS = 7;

const ICW1 = 0x10;
const ICW1_SINGLE = 0x02;
const ICW1_ICW4 = 0x01;
const ICW4_AUTO_EOI = 0x02;
const OCW3 = 0x08;

interface ControllerState {
  readonly requests: number;
  readonly inService: number;
  readonly mask: number;
  readonly lines: number;
  readonly vector: number;
  readonly lowest: number;
  readonly autoEoi: boolean;
  readonly rotateOnAuto: boolean;
  readonly specialMask: boolean;
  readonly readInService: boolean;
  readonly poll: boolean;
  readonly expected: readonly number[];
}

/** One of the two chips. */
class Controller {
  private state: ControllerState = {
    requests: 0,
    inService: 0,
    mask: 0xff,
    lines: 0,
    vector: 0,
    lowest: 7,
    autoEoi: false,
    rotateOnAuto: false,
    specialMask: false,
    readInService: false,
    poll: false,
    expected: [],
  };

  private set(change: Partial<ControllerState>): void {
    this.state = { ...this.state, ...change };
  }

  line(input: number, high: boolean): void {
    const bit = 1 << input;
    const { lines, requests } = this.state;
    if (high && (lines & bit) === 0) this.set({ lines: lines | bit, requests: requests | bit });
    else if (!high) this.set({ lines: lines & ~bit, requests: requests & ~bit });
  }

  /** The input of highest priority that may interrupt now, or −1. */
  pending(): number {
    const { requests, mask, inService, lowest, specialMask } = this.state;
    const open = requests & ~mask;
    if (open === 0) return -1;
    for (let k = 1; k <= 8; k++) {
      const input = (lowest + k) & 7;
      const bit = 1 << input;
      if ((open & bit) !== 0 && (inService & bit) === 0) return input;
      if ((inService & bit) !== 0 && !specialMask) return -1;
    }
    return -1;
  }

  /** INTA: the vector of the input now in service; a request that has gone gives the spurious one. */
  acknowledge(): { readonly input: number; readonly vector: number } {
    const input = this.pending();
    const { vector, requests, inService, autoEoi, rotateOnAuto } = this.state;
    if (input < 0) return { input: -1, vector: vector + SPURIOUS };
    const bit = 1 << input;
    this.set({ requests: requests & ~bit });
    if (!autoEoi) this.set({ inService: inService | bit });
    else if (rotateOnAuto) this.set({ lowest: input });
    return { input, vector: vector + input };
  }

  command(value: number): void {
    if ((value & ICW1) !== 0) this.initialize(value);
    else if ((value & OCW3) !== 0) this.operation3(value);
    else this.operation2(value);
  }

  private initialize(value: number): void {
    const words = [2];
    if ((value & ICW1_SINGLE) === 0) words.push(3);
    if ((value & ICW1_ICW4) !== 0) words.push(4);
    this.set({
      requests: 0,
      inService: 0,
      mask: 0,
      lowest: 7,
      autoEoi: false,
      specialMask: false,
      readInService: false,
      expected: words,
    });
  }

  private operation3(value: number): void {
    if ((value & 0x04) !== 0) this.set({ poll: true });
    if ((value & 0x02) !== 0) this.set({ readInService: (value & 1) !== 0 });
    if ((value & 0x40) !== 0) this.set({ specialMask: (value & 0x20) !== 0 });
  }

  /** Ends of interrupt and priorities. */
  private operation2(value: number): void {
    const [rotate, specific, end] = [value & 0x80, value & 0x40, value & 0x20];
    const level = value & 7;
    if (end !== 0) {
      const input = specific !== 0 ? level : this.highestInService();
      if (input < 0) return;
      this.set({ inService: this.state.inService & ~(1 << input) });
      if (rotate !== 0) this.set({ lowest: input });
    } else if (specific !== 0) {
      if (rotate !== 0) this.set({ lowest: level });
    } else this.set({ rotateOnAuto: rotate !== 0 });
  }

  private highestInService(): number {
    for (let k = 1; k <= 8; k++) {
      const input = (this.state.lowest + k) & 7;
      if ((this.state.inService & (1 << input)) !== 0) return input;
    }
    return -1;
  }

  data(value: number): void {
    const [word, ...rest] = this.state.expected;
    if (word === undefined) this.set({ mask: value });
    else {
      this.set({ expected: rest });
      if (word === 2) this.set({ vector: value & 0xf8 });
      if (word === 4) this.set({ autoEoi: (value & ICW4_AUTO_EOI) !== 0 });
    }
  }

  readCommand(): number {
    if (this.state.poll) {
      this.set({ poll: false });
      const { input } = this.acknowledge();
      return input < 0 ? 0 : 0x80 | input;
    }
    return this.state.readInService ? this.state.inService : this.state.requests;
  }

  readMask(): number {
    return this.state.mask;
  }

  save(): ControllerState {
    return this.state;
  }
  restore(state: ControllerState): void {
    this.state = state;
  }
}

export interface PicState {
  readonly master: ControllerState;
  readonly slave: ControllerState;
}

export class InterruptControllers implements PortDevice {
  readonly name = '8259A interrupt controllers';
  /** Called whenever a request may have become due. */
  onChange: () => void = () => undefined;
  private readonly master = new Controller();
  private readonly slave = new Controller();

  static readonly PORTS = [MASTER_COMMAND, MASTER_DATA, SLAVE_COMMAND, SLAVE_DATA] as const;

  /** Raises or lowers interrupt line 0 to 15. */
  line(irq: number, high: boolean): void {
    (irq < 8 ? this.master : this.slave).line(irq & 7, high);
    this.settle();
  }

  /** A line that goes up and comes down again long before anybody looks, as the timer's does: its edge counts. */
  pulse(irq: number): void {
    this.line(irq, false);
    this.line(irq, true);
  }

  /** The INT line to the processor. */
  get pending(): boolean {
    return this.master.pending() >= 0;
  }

  /** The vector for the processor's acknowledge cycle. */
  acknowledge(): number {
    const { input, vector } = this.master.acknowledge();
    const result = input === CASCADE ? this.slave.acknowledge().vector : vector;
    this.settle();
    return result;
  }

  private settle(): void {
    this.master.line(CASCADE, false);
    this.master.line(CASCADE, this.slave.pending() >= 0);
    if (this.pending) this.onChange();
  }

  read(port: number): number {
    const chip = port < SLAVE_COMMAND ? this.master : this.slave;
    const value = (port & 1) === 0 ? chip.readCommand() : chip.readMask();
    this.settle();
    return value;
  }

  write(port: number, value: number): void {
    const chip = port < SLAVE_COMMAND ? this.master : this.slave;
    if ((port & 1) === 0) chip.command(value);
    else chip.data(value);
    this.settle();
  }

  save(): PicState {
    return { master: this.master.save(), slave: this.slave.save() };
  }
  restore(state: PicState): void {
    this.master.restore(state.master);
    this.slave.restore(state.slave);
  }
}
