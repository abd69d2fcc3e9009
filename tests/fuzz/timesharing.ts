/** Programs that reach for storage of others, among neighbours that keep a secret: what harm they do. */
import { seededRandom } from '../../src/base/random.ts';
import type { Protection } from '../../src/os/timesharing/settings.ts';
import type { timesharingReport } from '../../src/worlds/s370/timesharing-report.ts';
import { S370World } from '../../src/worlds/s370/world.ts';

/** Instructions that load, store and move at addresses of any kind, drawn from `seed`. */
function fuzzed(seed: number): string {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  const lines = Array.from({ length: 9 }, (_, i) => {
    const at = `         L     3,=A(${random.below(0x30000) & ~3})`;
    const sweep = (instruction: string): string[] => [
      at,
      "         L     4,=F'600'",
      `S${i}       ${instruction}`,
      '         LA    3,252(,3)',
      `         BCT   4,S${i}`,
    ];
    return pick([
      () => [at, '         ST    12,0(,3)'],
      () => [at, '         MVC   SEEN(200),0(3)'],
      () => [at, '         LR    1,3', '         LA    2,200', '         SVC   1'],
      () => [at, '         LR    1,3', '         LA    2,8', '         SVC   2'],
      () => [at, '         SSK   12,3'],
      () => [at, '         LPSW  0(3)'],
      () => sweep('MVC   0(252,3),0(12)'),
      () => sweep('XC    0(252,3),0(3)'),
      () => sweep('MVC   SEEN(252),0(3)'),
    ])();
  });
  // Each attempt is a program's last: it is started once for each, and its argument says which to begin with.
  const body = lines
    .map((each, i) => [`T${i}       DS    0H`, ...each, '         B     OUT'].join('\n'))
    .join('\n');
  return `FUZZ     START 0
         USING FUZZ,12
         LR    12,15
         SLL   1,2
         B     TABLE(1)
TABLE    DS    0H
${lines.map((_, i) => `         B     T${i}`).join('\n')}
OUT      LA    1,SEEN
         LA    2,200
         SVC   1
         SR    1,1
         SVC   0
SEEN     DC    CL256' '
         LTORG
${body}
         END   FUZZ
`;
}
/** A neighbour that keeps a secret and looks whether anybody has written over it. */
const NEIGHBOUR = `NEIGH    START 0
         USING NEIGH,12
         LR    12,15
         L     5,=F'3000'
WATCH    CLC   SECRET,COPY
         BNE   LOST
         BCT   5,WATCH
         SR    1,1
         SVC   0
LOST     LA    1,1
         SVC   0
SECRET   DC    16CL16'SECRET OF ANOTHER'
COPY     DC    16CL16'SECRET OF ANOTHER'
         LTORG
         END   NEIGH
`;

/** What a seed's program has done to others under `protection`, or null. */
export function harmDone(seed: number, protection: Protection): string | null {
  const { world } = S370World.create({
    program: { kind: 'source', text: NEIGHBOUR, file: 'neighbour.s' },
    timesharing: {
      settings: {
        ...{ discipline: 'round-robin', protection, memory: 'resident', frames: 40, quantum: 2000 },
        ...{ second: 500_000, users: 6, think: 0.1, seed, interactions: 6 },
      },
      jobs: [
        { name: 'FUZZ', source: fuzzed(seed), weight: 3 },
        { name: 'NEIGH', source: NEIGHBOUR, weight: 1 },
      ],
      weight: 0,
    },
  });
  if (!world) throw new Error('the programs do not assemble');
  world.run(5e7);
  const { processes, down } = (world.system.report!() as ReturnType<typeof timesharingReport>).timesharing;
  if (down !== '') return down;
  const neighbours = processes.filter(({ program, state }) => program !== 'FUZZ' && state === 'ended');
  const hurt = neighbours.find(({ exitCode, failure }) => exitCode !== 0 || failure !== '');
  if (hurt) return `${hurt.program} ${hurt.id}: ${hurt.failure || 'its storage was written into'}`;
  const thief = processes.find(({ program, output }) => program === 'FUZZ' && output.includes('SECRET'));
  if (thief) return `FUZZ ${thief.id} has read the secret of another`;
  return neighbours.length > 2 ? null : 'too few neighbours ended for anything to be said';
}
