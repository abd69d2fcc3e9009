/** What was published of whole programs under several techniques, and of a hypervisor in a virtual machine. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import { NEHALEM } from '../../src/machines/pc/models/nehalem.ts';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { SKYLAKE } from '../../src/machines/pc/models/skylake.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import { programCycles } from '../+shared/measure.ts';
import { containedVerdict, containedWorld } from '../+shared/pc/contained.ts';
import { flatWorld } from '../+shared/pc/flat.ts';
import { expectedOf, varveWorld, verdictOn, type VarveOptions } from '../+shared/pc/varve-world.ts';

/** More than any of the runs needs. */
const LIMIT = 8e9;

/** Busy cycles of a workload's program. Throws where it does not end in its verified result. */
function cyclesOf(workload: string, options: VarveOptions): number {
  const world = varveWorld(workload, options);
  world.run(LIMIT);
  const wrong = verdictOn(world, expectedOf(workload));
  if (wrong !== '') throw new Error(`${workload} under ${options.under ?? 'nothing'}: ${wrong}`);
  return programCycles(world);
}

function containedCycles(workload: string, isolation: 'process' | 'docker'): number {
  const world = containedWorld(workload, isolation, SKYLAKE);
  world.run(LIMIT);
  const wrong = containedVerdict(world, expectedOf(workload));
  if (wrong !== '') throw new Error(`${workload} as ${isolation}: ${wrong}`);
  return world.clock;
}

/** How many times as long a workload takes with shadow page tables as with nested paging. */
const shadowToNested = (workload: string): number =>
  cyclesOf(workload, { model: NEHALEM_UNRESTRICTED, under: 'vmx-shadow' }) /
  cyclesOf(workload, { model: NEHALEM_UNRESTRICTED, under: 'vmx' });
/** The monitor with nested paging wants guests in real-address mode too, which the Xeon 5500 could not yet run so. */
const NEHALEM_UNRESTRICTED: Model = { ...NEHALEM, features: [...NEHALEM.features, 'vmx-unrestricted'] };

/** Cycles that one round of a loop around `body` adds. */
function perRound(body: string, under: PcMonitorName): number {
  const after = (rounds: number): number => {
    const source = `mov dword [left], ${rounds}\nagain: ${body}\ndec dword [left]\njnz again\ncli\nhlt\nleft: dd 0`;
    const { world } = flatWorld(source, {}, { model: SKYLAKE, under });
    if (!world) throw new Error(`the loop around ${body} did not assemble`);
    world.run(LIMIT);
    return world.clock;
  };
  return (after(120) - after(20)) / 100;
}

const EPT =
  'VMware, Performance Evaluation of Intel EPT Hardware Assist, 2009, as told on its blog: Xeon 5500';
const NESTED =
  'P. Bonzini, S. Christopherson, “VMX optimizations”, KVM list 2019: kvm-unit-tests, vmexit, in L2';
const FELTER = 'W. Felter et al., IBM RC25482, July 2014; raw data of the authors';

const PATHS = {
  en: 'The inner hypervisor is the outer one again; there is no shadow VMCS, so each of its VMREADs and VMWRITEs exits, which the real processor answered itself. The paths are estimates.',
  ja: '内側のハイパーバイザは外側と同じものです。シャドウVMCSがないので、実物のプロセッサなら自分で答えるVMREADとVMWRITEが、1回ごとにVM exitになります。経路長は推定値です。',
};

export const rows: readonly PublishedFigure[] = [
  {
    ...{
      id: 'ept-microbenchmarks',
      series: 'ept',
      published: 7,
      unit: 'ratio',
      source: EPT,
      reading: 'seen',
    },
    what: {
      en: 'Shadow page tables to nested paging, in the memory microbenchmark that gains most (up to 600 %)',
      ja: '最も得をするメモリのマイクロベンチマークでの、シャドウページテーブル対ネストページング（最大600 %の向上）',
    },
    within: 1.5,
    simplified: {
      en: 'The microbenchmarks are not named; of Varve’s that strain memory, the one counts that gains most, which is changing page tables.',
      ja: 'マイクロベンチマークの名前は挙がっていません。メモリに負荷をかけるVarveのワークロードのうち、最も得をするもの（ページテーブルの変更）を採ります。',
    },
    measure: () => Math.max(...['ptemod', 'pgfault', 'forkwait', 'ctxswitch'].map(shadowToNested)),
  },
  {
    ...{ id: 'ept-benchmarks', series: 'ept', published: 1.48, unit: 'ratio', source: EPT, reading: 'seen' },
    what: {
      en: 'The same, in the benchmark that gains most (up to 48 %)',
      ja: '最も得をするベンチマークでの同じ比（最大48 %の向上）',
    },
    within: 1.5,
    simplified: {
      en: 'A mixture as a compiler makes it stands for the benchmarks; Varve forks far more often for its work.',
      ja: 'ベンチマークの代わりに、コンパイラのような混合処理を使います。Varveは、仕事の割にforkがずっと頻繁です。',
    },
    measure: () => shadowToNested('compile'),
  },
  {
    ...{ id: 'xen-build', series: 'xen-programs', published: 1.03, unit: 'ratio', reading: 'seen' },
    what: { en: 'Under Xen: compiling (“a mere 3 %”)', ja: 'Xenの下：コンパイル（「わずか3 %」）' },
    source: 'P. Barham et al., SOSP 2003, section 4.1: a build of Linux, XenoLinux to Linux alone',
    within: 1.2,
    simplified: {
      en: 'A mixture as a compiler makes it, on a disk in memory in both cases, of twenty million cycles.',
      ja: 'コンパイラのような混合処理で、ディスクはどちらもメモリの中、長さは2,000万サイクルです。',
    },
    measure: () =>
      cyclesOf('compile', { model: PENTIUM_4, under: 'xen' }) /
      cyclesOf('compile', { model: PENTIUM_4, diskInMemory: true }),
  },
  {
    ...{ id: 'felter-fio', series: 'containers-io', published: 806.9 / 806.7, unit: 'ratio', source: FELTER },
    what: {
      en: 'Reading and writing files in Docker, to the same outside (fio: 806.9 and 806.7 MB/s read)',
      ja: 'Docker内でのファイルの読み書き、外と比べて（fio：読み出し806.9と806.7 MB/s）',
    },
    reading: 'seen',
    within: 1.02,
    simplified: {
      en: 'Files in memory, read and written by the kernel of the containers’ chapter.',
      ja: 'ファイルはメモリの中にあり、コンテナの章のカーネルが読み書きします。',
    },
    measure: () => containedCycles('io', 'docker') / containedCycles('io', 'process'),
  },
  {
    ...{ id: 'kvm-nested-cpuid', series: 'kvm-nested', published: 13142, unit: 'cycles', source: NESTED },
    what: {
      en: 'CPUID in the guest of a hypervisor that is itself a guest',
      ja: 'それ自身もゲストであるハイパーバイザの、そのまたゲストでのCPUID',
    },
    ...{ reading: 'seen', within: 1.5, simplified: PATHS },
    measure: () => perRound('mov eax, 0\ncpuid', 'vmx-nested'),
  },
  {
    ...{ id: 'kvm-nested-port', series: 'kvm-nested', published: 44826, unit: 'cycles', source: NESTED },
    what: {
      en: 'There, reading a port that a device model in user space answers',
      ja: '同じゲストでの、ユーザ空間のデバイスモデルが答えるポートの読み出し',
    },
    ...{ reading: 'seen', within: 1.5, simplified: PATHS },
    measure: () => perRound('in al, 0x61', 'vmx-nested'),
  },
];
