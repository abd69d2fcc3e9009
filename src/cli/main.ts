/** The headless command: what a page can do, a script can do. */
import { asm } from './asm.ts';
import { classify } from './classify.ts';
import { container } from './container.ts';
import { compareAll } from './compare/compare.ts';
import { disasm } from './disasm.ts';
import { disk } from './disk.ts';
import { exercise } from './exercise.ts';
import { BAD_ARGUMENTS, BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import { lab, labs } from './labs.ts';
import { oci } from './oci.ts';
import { standardOutput, type Output } from './output.ts';
import { run } from './run-machine.ts';
import { sensitivity } from './sensitivity.ts';
import { translate } from './translate.ts';
import { verify } from './verify/verify.ts';

type Command = (argv: readonly string[], out: Output) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  asm,
  disasm,
  translate,
  classify,
  disk,
  container,
  oci,
  labs,
  lab,
  compare: compareAll,
  sensitivity,
  exercise,
  verify,
};

const USAGE = `strata run --machine s370 [--model 145|158|168] [--under cp[:OPTION][,cp]] [--storage 1M]
           (--source FILE.s [--psw HEX16] | --load FILE@HEXADDR ... --psw HEX16 | --ipl FILE --device reader|disk)
           [--reader FILE] [--limit CYCLES] [--dump HEXADDR:LEN]
           [--fail DAMAGE@CYCLES …] [--json]
strata run --machine pc (--kernel FILE [--append ARGS] [--module "FILE ARGS" ...] [--ramdisk FILE]
           | --domains FILE.json | --boot FILE | --disk FILE ... | --load FILE@HEXADDR ... --entry HEXADDR) [--bios FILE] [--disk FILE ...]
           [--write-disks] [--ram 64M] [--cpu i486|pentium|pentium3|pentium4|core2|skylake] [--serial stdout|FILE]
           [--type KEYS [after TEXT] ...] [--type-on auto|serial|keyboard] [--until TEXT]
           [--port HEX=stdout|FILE ...] [--vga FILE] [--under MONITOR] [--disk-by WAY] [--log-dirty CYCLES] [--resets N] [--limit CYCLES] [--json]
strata asm --isa s370|ia32 FILE [-o OUT] [--listing]
strata disasm --isa s370|ia32 FILE [--at HEXADDR] [--bits 16|32]
strata translate FILE.asm [--json]
strata disk FILE [--file HOST=/PATH ...] [--kilobytes 4096]
strata container run (--image FILE | --rootfs DIR|TAR | --bundle DIR) [--env K=V ...] [--memory 64M] [--cpus 0.5]
           [--pids N] [--privileged] [--limit CYCLES] [--json] [-- PROGRAM ARGS...]
strata container inspect FILE
strata oci validate FILE [--json]
strata classify --isa s370|ia32 [--cpu pentium|...] [--json]
strata labs [--json]
strata lab ID [--workload W] [--technique T] [--limit CYCLES] [--json]
strata compare [--lab ID] [--workload W ...] [--technique T ...] [--jobs N] [--json]
strata sensitivity --workload W --technique T [--against T] [--lab ID] [--json]
strata exercise list [--json]
strata exercise show LAB/NAME [SEED] [--language en|ja] [--json]
strata exercise grade LAB/NAME [SEED] [--answer ID=TEXT ...] [--file NAME=PATH ...] [--recording PATH] [--json]
strata verify FILE|FOLDER|ZIP ... [--assignment FILE|LINK] [--csv|--json] [--jobs N]

run --source begins at the PSW given, else at the PSW that the source's data put at location 0, else in supervisor
  state at its entry. COPY members (NAME.mac, .copy or .s) stand beside the source. --load loads bytes as they are,
  the later file over the earlier. Storage is 4K to 16M; HEXADDR goes up to FFFFFF; LEN is decimal, or 0x and hexadecimal.
--under naive|translator|xen stands under a PC, translator-untraced, -single, -rigid, -unchained or -hosted for
  comparison; xen takes kernels that were written for it, with --ramdisk as module.
--domains FILE.json starts several under xen, vmx or vmx-shadow: a list of {"name", "kernel", "memory": "16M"} and, if wanted, "append",
  "ramdisk", "weight" (256), "cap" (percent), "ioports": ["3f8-3ff"]; paths count from the file's folder. The first
  may be "privileged": true, domain 0, which drives --disk; "disk": FILE of another becomes a partition of that,
  "address": "10.0.2.16" is its place on the network behind domain 0's bridge, and "later": true waits for xm create
  NAME. --sched credit|bvt is who shares the processor out. Under vmx and vmx-shadow each is a virtual PC with a console
  of its own, which the report has, and "weight" (1024) is that of a process of the host.
--disk-by says who does the work of the first disk under vmx or vmx-shadow: emulated, virtio, vhost, direct, exitless,
  hyperv-emulated, hyperv-vmbus, xen-emulated, xen-split; the JSON's monitor then counts requests, exits and steps. Without
  those monitors, virtio makes it a virtio disk.
--log-dirty CYCLES under vmx write-protects the guest's memory every so many cycles; the JSON's dirty has a row for each
  round: its cycles, and how many pages of 4 KB the guest and its devices have written.
--under cp:assist=vma gives the machine VM assist, cp:assist=ecps also the ECPS:VM microcode; cp:frames=N leaves CP
  so many page frames; cp:virtual=real puts the machine where real storage is, :notrans behind it leaves its channel
  programs as they are. Only the first level has options.
Devices: console 009, reader 00C, punch 00D, printer 00E, 3330 disks 190 (loads) and 191, 2305 drum 2A0.
--reader and --ipl FILE --device reader take text, one card a line, or cards of 80 bytes in EBCDIC;
  --device disk takes a 3330 pack in the CKD_P370 form that emulators exchange.
--limit counts cycles of the machine, 2e9 if it is absent: every program ends.

--json prints one object: stopped (wait: one that nothing can end; limit; check: the machine cannot go on; stopped;
  interrupted), reason, psw (16 hexadecimal digits), gpr and cr (16 of 8 digits), fpr (registers 0, 2, 4, 6 of 16
  digits), cycles, instructions, console and printer (text), dump (all stretches in hexadecimal, one after the other),
  ledger (rows of layer, level, reason, count, cycles; their cycles sum to the clock), traps (count by kind).
  Registers, PSW and dump are the innermost machine's; cycles, instructions, ledger and traps the real machine's.

The PC: --kernel takes multiboot 1 kernels (ELF, or addresses in the header) and Linux kernels; --boot a diskette or disk
  image that the BIOS boots, up to 2880K a diskette; --disk disks, which are changed in a copy unless --write-disks;
  --bios a ROM that stands below 4G and below 1M and starts at F000:FFF0; --load bytes as they are, begun in real-address
  mode below 1M, else in flat protected mode.
--type types KEYS (\\n \\t \\b \\e \\\\ \\xHH; \\e[A and the like for arrows) when TEXT has appeared after what was typed
  before: on COM1 if it appeared there, on the keyboard if on the screen; without a text at once, on COM1 for --kernel,
  else on the keyboard; --type-on decides otherwise. --until ends the run when TEXT has appeared on either, after
  everything was typed; that it did not is a failure. --port records what is written to a port. --vga writes the screen.
--json: stopped (exit; until; halt: nothing can end the wait; shutdown: reset or triple fault; limit; interrupted), reason,
  exitCode (of ports F4 and 501: (v << 1) | 1; after a power off 0), registers and eip (hexadecimal), cycles,
  instructions, serial, screen (its lines), debug (port E9), ledger, events (exceptions, interrupts, TLB misses and port
  accesses by kind), ports (accesses by device), unansweredPorts.

translate assembles code of 32 bits and prints how the binary translator would translate it in a guest's kernel: by unit, each
  instruction with its treatment (identical, inline, control, call-out) and the code that stands for it.

container run executes a Linux program for IA-32 in a container: an image (docker save, or an OCI
  layout as tar) for linux/386, a folder or a tar archive (plain or gzip) is its root file system; standard streams and the exit status are passed through. --json: status, stdout, stderr, cycles, instructions,
  systemCalls by name, unknownCalls by number (they return ENOSYS), counts, ledger.

disk writes the system disk of Varve (labs/+shared/pc), the kernel of the PC chapters, with files of the host added.
SEED is --seed N, or what follows from --course KEY --student NAME; 1 without either. exercise grade exits with 1 where
  the attempt does not pass; a field or file not given is as the exercise begins.

compare runs each workload to its end under each technique, by default all of the race of the PC; busy
  leaves out what the machine spent waiting, and is what the ratios are of. It exits with 1 where a run does not reach its
  verified result.
sensitivity runs both techniques with each cost constant of the machine at the least and at the most that its sources give (halved and doubled without), and prints what becomes of their
  ratio, the widest swing first.

Exit status: 0 ok, 1 the run failed, 2 bad arguments.
`;

/** Whoever reads our output may have read enough: `strata … | head` is no failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(OK);
  });
}

/** Runs one command and returns its exit status. */
export async function main(argv: readonly string[], out: Output = standardOutput): Promise<number> {
  if (out === standardOutput) endWithReader();
  const [name = '', ...rest] = argv;
  if (name === 'help' || argv.includes('--help') || argv.includes('-h')) {
    out.print(USAGE);
    return OK;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command)
      throw new BadArguments(
        name === '' ? `a command is needed: ${Object.keys(COMMANDS).join(', ')}` : `unknown command ${name}`,
      );
    return await command(rest, out);
  } catch (error) {
    if (error instanceof RunFailed) {
      out.warn(error.message);
      return FAILED;
    }
    if (error instanceof BadArguments) {
      out.warn(`strata: ${error.message}`);
      return BAD_ARGUMENTS;
    }
    // A bug of ours: still one line; the stack only for whoever asks.
    out.warn(`strata: internal error: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env['STRATA_DEBUG'] !== undefined && error instanceof Error) out.warn(error.stack ?? '');
    return FAILED;
  }
}
