/**
 * Workloads on Varve: programs that do one kind of work, check what came out, and say so in one line. The same line
 * comes out under every technique, and on Linux.
 */

export interface Workload {
  /** Also the name of the program in /bin. */
  readonly name: string;
  /** Its arguments on the PC, if other ones than its own are better there: `net` asks the host on the PC's network. */
  readonly arguments: readonly string[];
  /** The line with which it ends well. */
  readonly expect: RegExp;
}

const workload = (name: string, expect: RegExp, ...words: readonly string[]): Workload => ({
  name,
  arguments: words,
  expect,
});

export const WORKLOADS: readonly Workload[] = [
  workload('compute', /^compute: 4 rounds of 4096 numbers, crc 4943c810: ok$/m),
  workload('syscall', /^syscall: 10000 calls, 10000 of them right: ok$/m),
  workload('forkwait', /^forkwait: 200 processes, 200 of them ended as they should: ok$/m),
  workload('ctxswitch', /^ctxswitch: 1000 rounds, the number has become 2000: ok$/m),
  workload('pgfault', /^pgfault: 2048 pages touched, 2048 were zero, sum 263168: ok$/m),
  workload('ptemod', /^ptemod: 200 rounds of 16 pages, sum 3200: ok$/m),
  workload('divzero', /^divzero: 1000 divisions by zero, 1000 caught: ok$/m),
  workload('callret', /^callret: 20000 rounds, 50000 calls counted: ok$/m),
  workload('io', /^io: 96 blocks written, 96 read, crc 31b1e70d: ok$/m),
  workload('portio', /^portio: 2000 reads of port 33, 2000 alike: ok$/m),
  workload('net', /^net: 50 datagrams of 512 bytes, 50 echoed: ok$/m, '10.0.2.2'),
  workload('compile', /^compile: \d+ sources, \d+ lines, \d+ words, \d+ symbols, crc [0-9a-f]{8}: ok$/m),
  workload('idle', /^idle: 10 naps of 50 ms, 10 long enough: ok$/m),
];

/** Its command line, with the arguments that it has on the PC. */
export const workloadLine = (name: string): string =>
  commandLine(name, WORKLOADS.find((each) => each.name === name)?.arguments);

/** The command line with which the kernel boots straight into a program and switches off when it ends. */
export const commandLine = (program: string, words: readonly string[] = []): string =>
  ['console=serial', `init=/bin/${program}`, ...words].join(' ');
