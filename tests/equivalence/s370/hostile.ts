/**
 * Two users of one CP: MALLORY, who attacks, and BOB, whose storage, disk, keys and registers must stay as they are
 * while his program goes on. BOB's program counts in register 1 and looks after nothing else.
 */
import { ebcdicBytes } from '../../../src/base/ebcdic.ts';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import { Console3215 } from '../../../src/machines/s370/devices/console-3215.ts';
import {
  emptyImage,
  formattedImage,
  readBlock,
  setRecords,
} from '../../../src/machines/s370/devices/ckd-image.ts';
import { disk3330, GEOMETRY_3330 } from '../../../src/machines/s370/devices/disk-3330.ts';
import { drum2305, GEOMETRY_2305 } from '../../../src/machines/s370/devices/drum-2305.ts';
import type { AssistLevel } from '../../../src/machines/s370/assist/vm-assist.ts';
import { S370 } from '../../../src/machines/s370/machine.ts';
import { NativeSystem } from '../../../src/machines/s370/native-system.ts';
import { ControlProgram } from '../../../src/monitors/cp/control-program.ts';
import { pagingDevice } from '../../../src/monitors/cp/paging-device.ts';
import type { VirtualDevice } from '../../../src/monitors/cp/state.ts';
import type { VirtualMachine } from '../../../src/monitors/cp/virtual-machine.ts';
import { virtualDevice } from './stack.ts';

const NUCLEUS = 0x20000;
export const MALLORYS = 0x20000;
const BOBS = 0x10000;
const DISK = 0x130;
const DRUM = 0x2a0;
const EXTENT = 10;
/** First cylinders of the two minidisks; what lies around them is nobody's. */
const MALLORYS_FIRST = 10;
const BOBS_FIRST = 20;
/** What nobody but BOB may ever see. */
const SECRET = 'BOBS OWN';

const minidisk = (start: number): VirtualDevice => ({
  ...(virtualDevice(0x191, '3330') as Extract<VirtualDevice, { type: 'disk' }>),
  real: DISK,
  start,
  cylinders: EXTENT,
});

/** A pack with a record on each track that tells whose it is. */
function pack() {
  const image = emptyImage(GEOMETRY_3330);
  for (let cylinder = 0; cylinder < 40; cylinder++)
    for (let head = 0; head < GEOMETRY_3330.heads; head++) {
      const own = cylinder >= MALLORYS_FIRST && cylinder < MALLORYS_FIRST + EXTENT;
      const text = own ? 'MALLORYS' : SECRET;
      setRecords(image, cylinder, head, [ebcdicBytes(text, 64), ebcdicBytes(text, 64)]);
    }
  return image;
}

const BOB = `
BOB      START 0
         USING BOB,0
         DC    X'00080000',A(COUNT)
         ORG   BOB+X'400'
COUNT    LA    1,1(,1)
         LM    2,15,VALUES
         B     COUNT
VALUES   DC    14C'${SECRET.slice(0, 4)}'
         END
`;

function load(vm: VirtualMachine, source: string): void {
  const assembly = assembleS370(source);
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics.slice(0, 3)));
  for (const { address, bytes } of assembly.segments) vm.store(address, bytes);
}

export interface Siege {
  readonly machine: S370;
  readonly cp: ControlProgram;
  readonly mallory: VirtualMachine;
  readonly bob: VirtualMachine;
  /** Everything of BOB's but his count and his timer, and what is on the pack outside MALLORY's extent. */
  readonly belongings: () => Belongings;
  /** Where MALLORY has BOB's secret. */
  readonly leaks: () => string[];
}
export interface Belongings {
  readonly storage: string;
  readonly keys: string;
  readonly registers: string;
  readonly disk: string;
}

const text = (bytes: Iterable<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('latin1');

/** With `frames` CP pages on a drum and has only so many frames; MALLORY may have the virtual=real area. */
export function siege(
  attack: string,
  frames: number | null,
  assist: AssistLevel = 'none',
  virtualReal = false,
): Siege {
  const area = virtualReal ? MALLORYS : 0;
  const pageable = frames === null ? MALLORYS + BOBS : frames * 4096;
  const machine = new S370({ storage: area + NUCLEUS + pageable, assist });
  const image = pack();
  const drum = formattedImage(GEOMETRY_2305, 4096);
  [0x009, 0x01f].forEach((address) => machine.channels.attach(address, new Console3215()));
  machine.channels.attach(DISK, disk3330(image));
  machine.channels.attach(DRUM, drum2305(drum));
  const system = new NativeSystem(machine);
  const cp = new ControlProgram(system, {
    nucleus: NUCLEUS,
    virtualReal: area,
    paging: frames === null ? null : pagingDevice(DRUM, drum),
    terminals: [0x009, 0x01f],
  });
  system.attach(cp);
  const devices = [virtualDevice(0x009, '3215'), virtualDevice(0x00e, '1403'), virtualDevice(0x00c, '2540R')];
  // BOB first: his pages and registers are what they will be before MALLORY begins.
  const bob = cp.logon({
    name: 'BOB',
    storage: BOBS,
    devices: [...devices, minidisk(BOBS_FIRST)],
    terminal: 1,
  });
  const mallory = cp.logon({
    name: 'MALLORY',
    storage: MALLORYS,
    devices: [...devices, minidisk(MALLORYS_FIRST)],
    terminal: 0,
    virtualReal,
  });
  const secret = ebcdicBytes(SECRET.repeat(64), 512);
  for (let at = 0x1000; at < 0x5000; at += 512) bob.store(at, secret);
  for (let block = 0x1000; block < 0x5000; block += 2048) bob.changeStorageKey(block, 0xb8);
  load(bob, BOB);
  load(mallory, attack);
  for (const vm of [mallory, bob]) {
    vm.state.psw = vm.fetchPsw(0);
    vm.state.stopped = false;
  }
  cp.start();
  /** All of a machine's storage, wherever its pages are. */
  const storageOf = (vm: VirtualMachine): Uint8Array => {
    const bytes = new Uint8Array(vm.storageSize);
    vm.state.pages.forEach(({ frame, slot, arriving }, page) => {
      if (frame >= 0 && !arriving) bytes.set(machine.cpu.bytes.subarray(frame, frame + 4096), page * 4096);
      else if (slot >= 0) bytes.set(readBlock(drum, slot), page * 4096);
    });
    return bytes;
  };
  // While he executes they are in the processor.
  const registersOf = () => (cp.executing === bob ? machine.cpu : bob.state);
  return {
    machine,
    cp,
    mallory,
    bob,
    belongings: () => ({
      storage: text(storageOf(bob).fill(0, 0x50, 0x54)),
      keys: Array.from({ length: 2 * bob.state.pages.length }, (_, block) =>
        (bob.swap.key(block) & 0xf8).toString(16),
      ).join(),
      registers: [...registersOf().gr.slice(2), ...registersOf().fpr, ...bob.state.cr].join(),
      disk: JSON.stringify(
        [...image.tracks]
          .filter(([track]) => {
            const cylinder = Math.floor(track / GEOMETRY_3330.heads);
            return cylinder < MALLORYS_FIRST || cylinder >= MALLORYS_FIRST + EXTENT;
          })
          .map(([track, records]) => [track, records.map(({ data, key }) => [text(key), text(data)])]),
      ),
    }),
    leaks: () => {
      const seen = text(storageOf(mallory));
      const wanted = text(ebcdicBytes(SECRET, 8));
      return seen.includes(wanted) ? [`BOB's secret at ${seen.indexOf(wanted).toString(16)}`] : [];
    },
  };
}

/**
 * A program of MALLORY's: `body` runs in EC mode with key 0; what it does that is forbidden is skipped. It may use
 * registers 0 to 12; WILD holds a doubleword of storage that is not its own.
 */
export const attack = (body: string, more = ''): string => `
M        START 0
         USING M,0
         DC    X'00080000',A(X'800')
         ORG   M+X'58'
         DC    X'00080000',A(EXTINT)
         DC    X'00080000',A(SVCINT)
         DC    X'00080000',A(PGMINT)
         DC    X'000A0000',A(X'BAD')
         DC    X'00080000',A(IOINT)
         ORG   M+X'800'
${body}
         B     DONE
EXTINT   LPSW  X'18'
SVCINT   NI    X'21',X'FE'
         LPSW  X'20'
IOINT    LPSW  X'38'
PGMINT   STM   14,15,SAVE
         CLI   X'8F',X'10'
         BE    NULLED
         CLI   X'8F',X'11'
         BNE   GOON
NULLED   SR    14,14
         IC    14,X'8D'
         A     14,X'2C'
         ST    14,X'2C'
GOON     LM    14,15,SAVE
         NI    X'28',X'47'
         NI    X'2A',X'3F'
         MVI   X'2B',0
         MVI   X'2C',0
         NI    X'29',X'0E'
         LPSW  X'28'
DONE     LPSW  HALT
         DS    0D
HALT     DC    X'000A0000',A(0)
SAVE     DS    2F
${more}
         END
`;
