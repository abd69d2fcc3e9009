/**
 * The VGA in text mode: its registers, and the screen that the text memory at B8000 shows. IBM Personal System/2 Video
 * Subsystem Technical Reference. It stands in mode 3 (80 × 25, colour), as its BIOS leaves it. SIMPLIFIED: video memory
 * is plain memory; planes and graphics modes are absent.
 */
import { characterOf } from './code-page-437.ts';
import type { PortDevice } from './port-bus.ts';
import type { Clocked, Dma } from './wiring.ts';

const CRTC_MONO = [0x3b4, 0x3b5, 0x3ba] as const;
const ATTRIBUTE = 0x3c0;
const ATTRIBUTE_READ = 0x3c1;
const MISCELLANEOUS_WRITE = 0x3c2;
const SEQUENCER = 0x3c4;
const DAC_MASK = 0x3c6;
const DAC_READ_INDEX = 0x3c7;
const DAC_WRITE_INDEX = 0x3c8;
const DAC_DATA = 0x3c9;
const FEATURE_READ = 0x3ca;
const MISCELLANEOUS_READ = 0x3cc;
const GRAPHICS = 0x3ce;
const CRTC = 0x3d4;
const STATUS = 0x3da;

/** Where text memory stands for the two kinds of adapter. */
const COLOR_TEXT = 0xb8000;
const MONO_TEXT = 0xb0000;
const MISCELLANEOUS_COLOR = 0x01;

// CRT controller registers.
const END_OF_ROW = 0x01;
const OVERFLOW = 0x07;
const CELL_HEIGHT = 0x09;
const CURSOR_START = 0x0a;
const START_HIGH = 0x0c;
const CURSOR_HIGH = 0x0e;
const DISPLAY_END = 0x12;
const OFFSET = 0x13;
const CURSOR_OFF = 0x20;

/** A frame of 449 lines at 70 Hz, of which 400 are shown. */
const FRAMES_PER_SECOND = 70;
const LINES = 449;
const SHOWN_LINES = 400;
const RETRACE_LINE = 412;
const RETRACE_LINES = 2;
const STATUS_NOT_DISPLAYING = 0x01;
const STATUS_RETRACE = 0x08;

const MODE_3 = {
  crtc: [
    0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0, 0, 0, 0, 0x9c, 0x8e, 0x8f,
    0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff,
  ],
  sequencer: [0x03, 0x00, 0x03, 0x00, 0x02],
  graphics: [0, 0, 0, 0, 0, 0x10, 0x0e, 0, 0xff],
  attribute: [0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x0c, 0, 0x0f, 8, 0],
  miscellaneous: 0x67,
} as const;

/** Colour `index` of the 64 that attributes name: two bits for each of red, green, blue, in sixths of the range. */
const initialPalette = (): Uint8Array =>
  Uint8Array.from({ length: 768 }, (_, at) => {
    const [index, part] = [Math.floor(at / 3), at % 3];
    const [strong, weak] = [(index >> (2 - part)) & 1, (index >> (5 - part)) & 1];
    return strong * 0x2a + weak * 0x15;
  });

export interface VgaState {
  readonly crtc: Uint8Array;
  readonly sequencer: Uint8Array;
  readonly graphics: Uint8Array;
  readonly attribute: Uint8Array;
  readonly palette: Uint8Array;
  readonly indexes: { readonly crtc: number; readonly sequencer: number; readonly graphics: number };
  readonly attributeIndex: number;
  readonly attributeData: boolean;
  readonly miscellaneous: number;
  readonly mask: number;
  readonly dacRead: number;
  readonly dacWrite: number;
  readonly dacReading: boolean;
}

export interface Screen {
  /** Rows of characters, blanks at their ends taken off. */
  readonly lines: readonly string[];
  /** Column and row of the cursor, or null while it is off or outside. */
  readonly cursor: { readonly column: number; readonly row: number } | null;
}

export class Vga implements PortDevice {
  readonly name = 'VGA';
  static readonly PORTS = [
    ...CRTC_MONO,
    ...Array.from({ length: 16 }, (_, k) => ATTRIBUTE + k),
    CRTC,
    CRTC + 1,
    STATUS,
  ];
  private crtc = Uint8Array.from(MODE_3.crtc);
  private sequencer = Uint8Array.from(MODE_3.sequencer);
  private graphics = Uint8Array.from(MODE_3.graphics);
  private attribute = Uint8Array.from(MODE_3.attribute);
  private palette = initialPalette();
  private indexes = { crtc: 0, sequencer: 0, graphics: 0 };
  private attributeIndex = 0x20;
  private attributeData = false;
  private miscellaneous: number = MODE_3.miscellaneous;
  private mask = 0xff;
  /** Byte of the palette that the next access to the data port reads or writes. */
  private dacRead = 0;
  private dacWrite = 0;
  private dacReading = false;
  private readonly clock: Clocked;
  private readonly memory: Pick<Dma, 'read'>;

  constructor(clock: Clocked, memory: Pick<Dma, 'read'>) {
    this.clock = clock;
    this.memory = memory;
  }

  // ---------------------------------------------------------------- the screen

  private pair(register: number): number {
    return (this.crtc[register]! << 8) | this.crtc[register + 1]!;
  }

  get columns(): number {
    return this.crtc[END_OF_ROW]! + 1;
  }

  get rows(): number {
    const overflow = this.crtc[OVERFLOW]!;
    const lines = (this.crtc[DISPLAY_END]! | ((overflow & 0x02) << 7) | ((overflow & 0x40) << 3)) + 1;
    return Math.max(1, Math.floor(lines / ((this.crtc[CELL_HEIGHT]! & 0x1f) + 1)));
  }

  screen(): Screen {
    const { columns, rows } = this;
    const base = (this.miscellaneous & MISCELLANEOUS_COLOR) !== 0 ? COLOR_TEXT : MONO_TEXT;
    const start = this.pair(START_HIGH);
    const pitch = this.crtc[OFFSET]! * 2;
    const lines = Array.from({ length: rows }, (_, row) => {
      // Text memory is 32 K and wraps round.
      const first = ((start + row * pitch) * 2) & 0x7fff;
      const cells = this.memory.read(base + first, Math.min(2 * columns, 0x8000 - first));
      let line = '';
      for (let at = 0; at < cells.length; at += 2) line += characterOf(cells[at]!);
      return line.trimEnd();
    });
    const at = this.pair(CURSOR_HIGH) - start;
    const shown = (this.crtc[CURSOR_START]! & CURSOR_OFF) === 0 && at >= 0 && at < columns * rows;
    return {
      lines,
      cursor: shown ? { column: at % columns, row: Math.floor(at / columns) } : null,
    };
  }

  /** Status register 1, by the line that the beam is on. */
  private status(): number {
    const { clock, frequency } = this.clock;
    const line = Math.floor(((clock * FRAMES_PER_SECOND) / frequency) * LINES) % LINES;
    const retrace = line >= RETRACE_LINE && line < RETRACE_LINE + RETRACE_LINES;
    const column = (((clock * FRAMES_PER_SECOND) / frequency) * LINES) % 1;
    const dark = line >= SHOWN_LINES || column > 0.8;
    return (dark ? STATUS_NOT_DISPLAYING : 0) | (retrace ? STATUS_RETRACE : 0);
  }

  // ---------------------------------------------------------------- ports

  /** Whether the port belongs to the adapter that the miscellaneous register has chosen. */
  private answers(port: number): boolean {
    const color = (this.miscellaneous & MISCELLANEOUS_COLOR) !== 0;
    return (port & 0xff0) === 0x3c0 || ((port & 0xff0) === 0x3d0) === color;
  }

  read(port: number): number {
    if (!this.answers(port)) return 0xff;
    switch ((port & 0xff0) === 0x3b0 ? port + 0x20 : port) {
      case CRTC:
        return this.indexes.crtc;
      case CRTC + 1:
        return this.crtc[this.indexes.crtc] ?? 0;
      case STATUS:
        this.attributeData = false;
        return this.status();
      case ATTRIBUTE:
        return this.attributeIndex;
      case ATTRIBUTE_READ:
        return this.attribute[this.attributeIndex & 0x1f] ?? 0;
      case SEQUENCER:
        return this.indexes.sequencer;
      case SEQUENCER + 1:
        return this.sequencer[this.indexes.sequencer] ?? 0;
      case GRAPHICS:
        return this.indexes.graphics;
      case GRAPHICS + 1:
        return this.graphics[this.indexes.graphics] ?? 0;
      case MISCELLANEOUS_READ:
        return this.miscellaneous;
      case MISCELLANEOUS_WRITE: // input status 0: the switch senses a colour monitor
        return 0x10;
      case FEATURE_READ:
        return 0;
      default:
        return this.readDac(port);
    }
  }

  private readDac(port: number): number {
    if (port === DAC_MASK) return this.mask;
    if (port === DAC_READ_INDEX) return this.dacReading ? 3 : 0;
    if (port === DAC_WRITE_INDEX) return Math.floor(this.dacWrite / 3);
    if (port !== DAC_DATA) return 0xff;
    const value = this.palette[this.dacRead]!;
    this.dacRead = (this.dacRead + 1) % this.palette.length;
    return value;
  }

  write(port: number, value: number): void {
    if (!this.answers(port)) return;
    switch ((port & 0xff0) === 0x3b0 ? port + 0x20 : port) {
      case CRTC:
        this.indexes.crtc = value & 0x3f;
        break;
      case CRTC + 1:
        this.writeCrtc(value);
        break;
      case ATTRIBUTE:
        this.writeAttribute(value);
        break;
      case MISCELLANEOUS_WRITE:
        this.miscellaneous = value;
        break;
      case SEQUENCER:
        this.indexes.sequencer = value & 7;
        break;
      case SEQUENCER + 1:
        if (this.indexes.sequencer < this.sequencer.length) this.sequencer[this.indexes.sequencer] = value;
        break;
      case GRAPHICS:
        this.indexes.graphics = value & 15;
        break;
      case GRAPHICS + 1:
        if (this.indexes.graphics < this.graphics.length) this.graphics[this.indexes.graphics] = value;
        break;
      default:
        this.writeDac(port, value);
    }
  }

  /** Registers 0 to 7 are locked by a bit of register 11, but for the line compare bit of register 7. */
  private writeCrtc(value: number): void {
    const { crtc } = this.indexes;
    const locked = (this.crtc[0x11]! & 0x80) !== 0;
    if (locked && crtc === OVERFLOW) this.crtc[crtc] = (this.crtc[crtc]! & ~0x10) | (value & 0x10);
    else if (crtc < this.crtc.length && !(locked && crtc < 8)) this.crtc[crtc] = value;
  }

  /** Index and data take turns at one port. */
  private writeAttribute(value: number): void {
    const index = this.attributeIndex & 0x1f;
    if (!this.attributeData) this.attributeIndex = value & 0x3f;
    else if (index < this.attribute.length) this.attribute[index] = value;
    this.attributeData = !this.attributeData;
  }

  private writeDac(port: number, value: number): void {
    if (port === DAC_MASK) this.mask = value;
    else if (port === DAC_READ_INDEX) [this.dacRead, this.dacReading] = [value * 3, true];
    else if (port === DAC_WRITE_INDEX) [this.dacWrite, this.dacReading] = [value * 3, false];
    else if (port === DAC_DATA) {
      this.palette[this.dacWrite] = value & 0x3f;
      this.dacWrite = (this.dacWrite + 1) % this.palette.length;
    }
  }

  save(): VgaState {
    const { attributeIndex, attributeData, miscellaneous, mask, dacRead, dacWrite, dacReading } = this;
    return {
      crtc: this.crtc.slice(),
      sequencer: this.sequencer.slice(),
      graphics: this.graphics.slice(),
      attribute: this.attribute.slice(),
      palette: this.palette.slice(),
      indexes: { ...this.indexes },
      ...{ attributeIndex, attributeData, miscellaneous, mask, dacRead, dacWrite, dacReading },
    };
  }

  restore(state: VgaState): void {
    this.crtc = state.crtc.slice();
    this.sequencer = state.sequencer.slice();
    this.graphics = state.graphics.slice();
    this.attribute = state.attribute.slice();
    this.palette = state.palette.slice();
    this.indexes = { ...state.indexes };
    const { attributeIndex, attributeData, miscellaneous, mask, dacRead, dacWrite, dacReading } = state;
    Object.assign(this, {
      attributeIndex,
      attributeData,
      miscellaneous,
      mask,
      dacRead,
      dacWrite,
      dacReading,
    });
  }
}
