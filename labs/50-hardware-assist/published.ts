/** What was published of VM exits and of walks in two dimensions, and what this lab measures. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import { SKYLAKE } from '../../src/machines/pc/models/skylake.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import type { PcWorld } from '../../src/worlds/pc/world.ts';
import { flatWorld } from '../+shared/pc/flat.ts';

const KVM = 'Linux commit b7ffc44d5b2e, A. Lutomirski, 2017: kvm-unit-tests, vmexit';

/** A loop of `rounds` with one body, in 4 K pages. */
const loop = (body: string, rounds: number): string => `
        mov ecx, 1024
        mov edi, 0x201000
        mov eax, 3
fill:   mov [edi], eax
        add eax, 0x1000
        add edi, 4
        loop fill
        mov dword [0x200000], 0x201003
        mov eax, 0x200000
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov dword [left], ${rounds}
again:  ${body}
        dec dword [left]
        jnz again
        cli
        hlt
left:   dd 0`;

function ran(body: string, rounds: number, model: Model): PcWorld {
  const { world } = flatWorld(loop(body, rounds), {}, { model, under: 'vmx' });
  if (!world) throw new Error(`the loop around ${body} did not assemble`);
  world.run(1e8);
  return world;
}

const [FEW, MANY] = [20, 120];
/** What one round adds to a number that a world has. */
const perRound = (body: string, model: Model, of: (world: PcWorld) => number): number =>
  (of(ran(body, MANY, model)) - of(ran(body, FEW, model))) / (MANY - FEW);

const references = (world: PcWorld): number => {
  const { guest, host } = world.machine.cpu.vmx.references;
  return guest + host;
};
// A page that shares no set of the buffer with the code and data of the loop.
const TOUCH = 'invlpg [0x308000]\n        mov eax, [0x308000]';

export const rows: readonly PublishedFigure[] = [
  {
    id: 'kvm-cpuid',
    series: 'kvm-exits',
    what: {
      en: 'CPUID in a guest, answered by the hypervisor itself',
      ja: 'ゲストのCPUID（ハイパーバイザ自身が答える）',
    },
    published: 1313,
    unit: 'cycles',
    source: KVM,
    reading: 'seen',
    within: 1.5,
    simplified: {
      en: 'The hypervisor’s own path is an estimate; entry and exit are half each of another measurement of KVM.',
      ja: 'ハイパーバイザ自身の処理は見積もりです。VM entryとVM exitは、KVMの別の測定値を半分ずつにしたものです。',
    },
    measure: () => perRound('mov eax, 0\n        cpuid', SKYLAKE, ({ clock }) => clock),
  },
  {
    id: 'kvm-port',
    series: 'kvm-exits',
    what: {
      en: 'Reading a port that the device model in user space answers',
      ja: 'ユーザ空間のデバイスモデルが答えるポートの読み出し',
    },
    published: 6856,
    unit: 'cycles',
    source: KVM,
    reading: 'seen',
    within: 1.5,
    simplified: {
      en: 'The device model is no program here: the way there and back costs what this measurement says.',
      ja: 'ここのデバイスモデルはプログラムではなく、往復の費用をこの測定値から取っています。',
    },
    fitted: true,
    measure: () => perRound('in al, 0x61', SKYLAKE, ({ clock }) => clock),
  },
  {
    id: 'walk-2-on-3',
    series: 'nested-walk',
    what: {
      en: 'References of a walk: two levels of the guest’s, three extended ones (pages of 2 M)',
      ja: 'ウォークの参照回数：ゲスト2段、EPT 3段（2 MBのページ）',
    },
    published: 11,
    unit: 'count',
    source: 'R. Bhargava et al., ASPLOS 2008: (g + 1)(h + 1) − 1, here 3 × 4 − 1',
    reading: 'derived',
    within: 1,
    simplified: {
      en: 'No caches for parts of a walk: every level is read each time.',
      ja: 'ウォークの途中を覚えるキャッシュはなく、毎回すべての段を読みます。',
    },
    measure: () => perRound(TOUCH, WESTMERE, references),
  },
];
