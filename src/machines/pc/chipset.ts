/** The chipset and the devices on its port bus, wired to the processor's clock and interrupt line. */
import { CmosClock, type CmosState } from './devices/cmos-rtc.ts';
import { DebugExit } from './devices/debug-exit.ts';
import { KeyboardController, type KeyboardState } from './devices/keyboard-8042.ts';
import { InterruptControllers, type PicState } from './devices/pic-8259.ts';
import { IntervalTimer, type PitState } from './devices/pit-8254.ts';
import { PortBus, type PortBusState } from './devices/port-bus.ts';
import { Uart, type UartState } from './devices/uart-16550.ts';

const IRQ_TIMER = 0;
const IRQ_KEYBOARD = 1;
const IRQ_COM1 = 4;
const COM1 = 0x3f8;

/** What the chipset needs of the machine around it. */
export interface ChipsetWiring {
  readonly clock: number;
  readonly frequency: number;
  readonly memoryBytes: number;
  /** An interrupt may be due, or the next event may have moved: the processor shall look. */
  attention(): void;
  a20(enabled: boolean): void;
  reset(reason: string): void;
  exit(value: number): void;
}

export interface ChipsetState {
  readonly bus: PortBusState;
  readonly pic: PicState;
  readonly pit: PitState;
  readonly com1: UartState;
  readonly cmos: CmosState;
  readonly keyboard: KeyboardState;
}

export class Chipset {
  readonly bus = new PortBus();
  readonly pic = new InterruptControllers();
  readonly pit: IntervalTimer;
  readonly com1: Uart;
  readonly cmos: CmosClock;
  readonly keyboard: KeyboardController;

  constructor(wiring: ChipsetWiring) {
    const { pic, bus } = this;
    const attention = (): void => wiring.attention();
    pic.onChange = attention;
    this.pit = new IntervalTimer({
      frequency: wiring.frequency,
      changed: attention,
      get clock() {
        return wiring.clock;
      },
      interrupt: () => pic.pulse(IRQ_TIMER),
    });
    this.com1 = new Uart('16550 UART COM1', COM1, {
      frequency: wiring.frequency,
      changed: attention,
      get clock() {
        return wiring.clock;
      },
      line: (high) => pic.line(IRQ_COM1, high),
    });
    this.cmos = new CmosClock(wiring);
    this.keyboard = new KeyboardController({
      line: (high) => pic.line(IRQ_KEYBOARD, high),
      a20: (enabled) => wiring.a20(enabled),
      reset: (reason) => wiring.reset(reason),
    });
    bus.attach(pic, ...InterruptControllers.PORTS);
    bus.attach(this.pit, ...IntervalTimer.PORTS);
    bus.attach(this.com1, ...this.com1.ports);
    bus.attach(this.cmos, ...CmosClock.PORTS);
    bus.attach(this.keyboard, ...KeyboardController.PORTS);
    bus.attach(new DebugExit((value) => wiring.exit(value)), ...DebugExit.PORTS);
  }

  /** Clock of the next thing that a device does by itself. */
  nextEvent(): number {
    return Math.min(this.pit.nextEvent(), this.com1.nextEvent());
  }

  /** Lets devices do what is due. */
  advance(): void {
    this.pit.advance();
    this.com1.advance();
  }

  save(): ChipsetState {
    return {
      bus: this.bus.save(),
      pic: this.pic.save(),
      pit: this.pit.save(),
      com1: this.com1.save(),
      cmos: this.cmos.save(),
      keyboard: this.keyboard.save(),
    };
  }

  restore(state: ChipsetState): void {
    this.bus.restore(state.bus);
    this.pic.restore(state.pic);
    this.pit.restore(state.pit);
    this.com1.restore(state.com1);
    this.cmos.restore(state.cmos);
    this.keyboard.restore(state.keyboard);
  }
}
