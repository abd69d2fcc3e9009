/**
 * Two 8259A interrupt controllers in cascade, the second on input 2 of the first. Intel 8259A data sheet (231468).
 * An edge-triggered input remembers that its line rose until it is acknowledged or the line falls; a level-triggered one
 * asks as long as its line is high. Which is which the edge/level registers say (82371 data sheet, ports 4D0 and 4D1).
 */
import type { PortDevice } from './port-bus.ts';

const MASTER_COMMAND = 0x20;
const MASTER_DATA = 0x21;
const SLAVE_COMMAND = 0xa0;
const SLAVE_DATA = 0xa1;
const MASTER_LEVELS = 0x4d0;
const SLAVE_LEVELS = 0x4d1;
/** Timer, keyboard, cascade, clock and coprocessor stay edge-triggered. */
const MASTER_LEVEL_BITS = 0xf8;
const SLAVE_LEVEL_BITS = 0xde;
const CASCADE = 2;
const SPURIOUS = 7;

const ICW1 = 0x10;
const ICW1_SINGLE = 0x02;
const ICW1_LEVEL = 0x08;
const ICW1_ICW4 = 0x01;
const ICW4_AUTO_EOI = 0x02;
const ICW4_SPECIAL_NESTED = 0x10;
const OCW3 = 0x08;

interface ControllerState {
  /** Edges that have come and were not acknowledged. */
  readonly edges: number;
  readonly inService: number;
  readonly mask: number;
  readonly lines: number;
  /** Inputs that are level-triggered, by the edge/level register. */
  readonly levels: number;
  /** All inputs are, by ICW1. */
  readonly allLevels: boolean;
  readonly specialNested: boolean;
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
    edges: 0,
    inService: 0,
    mask: 0xff,
    lines: 0,
    levels: 0,
    allLevels: false,
    specialNested: false,
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
    const { lines, edges } = this.state;
    if (high && (lines & bit) === 0) this.set({ lines: lines | bit, edges: edges | bit });
    else if (!high) this.set({ lines: lines & ~bit, edges: edges & ~bit });
  }

  /** The interrupt request register: edges of the one kind of input, lines of the other. */
  private get requests(): number {
    const { edges, lines, levels, allLevels } = this.state;
    const level = allLevels ? 0xff : levels;
    return (edges & ~level) | (lines & level);
  }

  get levels(): number {
    return this.state.levels;
  }
  setLevels(levels: number): void {
    this.set({ levels });
  }

  /** The input of highest priority that may interrupt now, or −1. */
  pending(): number {
    const { mask, inService, lowest, specialMask, specialNested } = this.state;
    const open = this.requests & ~mask;
    if (open === 0) return -1;
    for (let k = 1; k <= 8; k++) {
      const input = (lowest + k) & 7;
      const bit = 1 << input;
      if ((open & bit) !== 0 && (inService & bit) === 0) return input;
      // Special fully nested: within the slave's level, more urgent ones of its inputs still come through.
      if ((open & bit) !== 0 && specialNested && input === CASCADE) return input;
      if ((inService & bit) !== 0 && !specialMask) return -1;
    }
    return -1;
  }

  /** INTA: the vector of the input now in service; a request that has gone gives the spurious one. */
  acknowledge(): { readonly input: number; readonly vector: number } {
    const input = this.pending();
    const { vector, edges, inService, autoEoi, rotateOnAuto } = this.state;
    if (input < 0) return { input: -1, vector: vector + SPURIOUS };
    const bit = 1 << input;
    this.set({ edges: edges & ~bit });
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
      edges: 0,
      inService: 0,
      mask: 0,
      allLevels: (value & ICW1_LEVEL) !== 0,
      specialNested: false,
      poll: false,
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
      if (word === 4)
        this.set({
          autoEoi: (value & ICW4_AUTO_EOI) !== 0,
          specialNested: (value & ICW4_SPECIAL_NESTED) !== 0,
        });
    }
  }

  readCommand(): number {
    if (this.state.poll) {
      this.set({ poll: false });
      const { input } = this.acknowledge();
      return input < 0 ? 0 : 0x80 | input;
    }
    return this.state.readInService ? this.state.inService : this.requests;
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

  static readonly PORTS = [
    MASTER_COMMAND,
    MASTER_DATA,
    SLAVE_COMMAND,
    SLAVE_DATA,
    MASTER_LEVELS,
    SLAVE_LEVELS,
  ] as const;

  /** Raises or lowers interrupt line 0 to 15. */
  line(irq: number, high: boolean): void {
    (irq < 8 ? this.master : this.slave).line(irq & 7, high);
    this.settle();
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
    if (port === MASTER_LEVELS) return this.master.levels;
    if (port === SLAVE_LEVELS) return this.slave.levels;
    const chip = port < SLAVE_COMMAND ? this.master : this.slave;
    const value = (port & 1) === 0 ? chip.readCommand() : chip.readMask();
    this.settle();
    return value;
  }

  write(port: number, value: number): void {
    const chip = port < SLAVE_COMMAND ? this.master : this.slave;
    if (port === MASTER_LEVELS) this.master.setLevels(value & MASTER_LEVEL_BITS);
    else if (port === SLAVE_LEVELS) this.slave.setLevels(value & SLAVE_LEVEL_BITS);
    else if ((port & 1) === 0) chip.command(value);
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
